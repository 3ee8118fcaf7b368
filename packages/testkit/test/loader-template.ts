// SPDX-License-Identifier: MIT

const ref = (logicalId: string) => ({ Ref: logicalId });
const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const onFailure = { OnFailure: { Destination: arnOf("DeadLetters") } };

function policy(...statements: object[]) {
  return { Version: "2012-10-17", Statement: statements };
}

function tlsOnly(actions: string, resource: object) {
  return policy({
    Effect: "Deny",
    Principal: "*",
    Action: actions,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

function mapping(properties: object) {
  return {
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: {
      // NAME:ALIAS out of the alias's ARN, as CDK has it.
      FunctionName: {
        "Fn::Join": ["", [{ "Fn::Select": [6, { "Fn::Split": [":", ref("Alias")] }] }, ":live"]],
      },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ...properties,
    },
  };
}

const streamSettings = {
  BatchSize: 200,
  MaximumBatchingWindowInSeconds: 5,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: 10,
  MaximumRecordAgeInSeconds: 3600,
  StartingPosition: "TRIM_HORIZON",
  DestinationConfig: onFailure,
};

const functionResources = {
  Role: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: policy({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    },
  },
  Logs: {
    Type: "AWS::Logs::LogGroup",
    Properties: { RetentionInDays: 30, KmsKeyId: arnOf("Key") },
  },
  Function: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: {
        S3Bucket: { "Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}" },
        S3Key: "code.zip",
      },
      Handler: "index.handler",
      Role: arnOf("Role"),
      Runtime: "nodejs22.x",
      MemorySize: 512,
      Timeout: 60,
      ReservedConcurrentExecutions: 5,
      Environment: { Variables: { LEDGER_NAME: "vehicles", LEDGER_CREDENTIALS: ref("Secret") } },
      Architectures: ["arm64"],
      DeadLetterConfig: { TargetArn: arnOf("DeadLetters") },
      EphemeralStorage: { Size: 1024 },
      KmsKeyArn: arnOf("Key"),
      LoggingConfig: { LogFormat: "JSON", LogGroup: ref("Logs") },
      TracingConfig: { Mode: "Active" },
    },
  },
  Version: { Type: "AWS::Lambda::Version", Properties: { FunctionName: ref("Function") } },
  Alias: {
    Type: "AWS::Lambda::Alias",
    Properties: {
      FunctionName: ref("Function"),
      FunctionVersion: { "Fn::GetAtt": ["Version", "Version"] },
      Name: "live",
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    },
  },
  InvokeConfig: {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      FunctionName: ref("Function"),
      Qualifier: "live",
      MaximumRetryAttempts: 2,
      DestinationConfig: onFailure,
    },
    DependsOn: "Alias",
  },
};

const sources = {
  DeadLetters: {
    Type: "AWS::SQS::Queue",
    Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1209600 },
  },
  DeadFifo: {
    Type: "AWS::SQS::Queue",
    Properties: {
      FifoQueue: true,
      KmsMasterKeyId: arnOf("Key"),
      RedriveAllowPolicy: { redrivePermission: "denyAll" },
    },
  },
  Queue: {
    Type: "AWS::SQS::Queue",
    Properties: {
      FifoQueue: true,
      KmsMasterKeyId: arnOf("Key"),
      VisibilityTimeout: 360,
      RedrivePolicy: { deadLetterTargetArn: arnOf("DeadFifo"), maxReceiveCount: 5 },
    },
  },
  QueuePolicy: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: { Queues: [ref("Queue")], PolicyDocument: tlsOnly("sqs:*", arnOf("Queue")) },
  },
  Stream: {
    Type: "AWS::Kinesis::Stream",
    Properties: {
      RetentionPeriodHours: 48,
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      StreamEncryption: { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" },
    },
  },
  Table: {
    Type: "AWS::DynamoDB::Table",
    Properties: {
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
    },
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
  },
  Topic: {
    Type: "AWS::SNS::Topic",
    Properties: { FifoTopic: true, KmsMasterKeyId: "alias/aws/sns", TracingConfig: "Active" },
  },
  TopicPolicy: {
    Type: "AWS::SNS::TopicPolicy",
    Properties: { Topics: [ref("Topic")], PolicyDocument: tlsOnly("sns:Publish", ref("Topic")) },
  },
  Subscription: {
    Type: "AWS::SNS::Subscription",
    Properties: {
      TopicArn: ref("Topic"),
      Protocol: "sqs",
      Endpoint: arnOf("Queue"),
      RawMessageDelivery: true,
      FilterPolicy: { table: ["Person"] },
      RedrivePolicy: { deadLetterTargetArn: arnOf("DeadFifo") },
    },
  },
  Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "loader" } },
  Rule: {
    Type: "AWS::Events::Rule",
    Properties: {
      EventBusName: ref("Bus"),
      State: "ENABLED",
      EventPattern: { source: ["vehicles"] },
      Targets: [
        {
          Id: "loader",
          Arn: ref("Alias"),
          DeadLetterConfig: { Arn: arnOf("DeadLetters") },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
        },
      ],
    },
  },
  Permission: {
    Type: "AWS::Lambda::Permission",
    Properties: {
      FunctionName: ref("Alias"),
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: arnOf("Rule"),
    },
  },
  Endpoint: {
    Type: "AWS::DMS::Endpoint",
    Properties: {
      EndpointType: "target",
      EngineName: "kinesis",
      KinesisSettings: {
        StreamArn: arnOf("Stream"),
        MessageFormat: "json",
        IncludeNullAndEmpty: true,
        IncludeTransactionDetails: true,
        ServiceAccessRoleArn: arnOf("Role"),
      },
    },
  },
};

const mappings = {
  QueueMapping: mapping({
    EventSourceArn: arnOf("Queue"),
    BatchSize: 10,
    ScalingConfig: { MaximumConcurrency: 3 },
  }),
  StreamMapping: mapping({ EventSourceArn: arnOf("Stream"), ParallelizationFactor: 2, ...streamSettings }),
  TableMapping: mapping({ EventSourceArn: { "Fn::GetAtt": ["Table", "StreamArn"] }, ...streamSettings }),
  ClusterMapping: mapping({
    EventSourceArn:
      "arn:aws:kafka:us-east-1:123456789012:cluster/events/0d1c6c1e-7f9b-4b6c-9a2b-2d3e4f5a6b7c-2",
    Topics: ["revisions"],
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 },
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "loader" },
    ...streamSettings,
  }),
};

const others = {
  Key: {
    Type: "AWS::KMS::Key",
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: policy({
        Effect: "Allow",
        Principal: { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } },
        Action: "kms:*",
        Resource: "*",
      }),
    },
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
  },
  Secret: {
    Type: "AWS::SecretsManager::Secret",
    Properties: {
      GenerateSecretString: {
        SecretStringTemplate: '{"accessKeyId":"loader"}',
        GenerateStringKey: "secretAccessKey",
        PasswordLength: 40,
      },
    },
  },
  Alarm: {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["DeadLetters", "QueueName"] } }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
    },
  },
  Bucket: {
    Type: "AWS::S3::Bucket",
    Properties: {
      LifecycleConfiguration: { Rules: [{ Status: "Enabled", ExpirationInDays: 30 }] },
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true },
    },
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
  },
  BucketPolicy: {
    Type: "AWS::S3::BucketPolicy",
    Properties: { Bucket: ref("Bucket"), PolicyDocument: tlsOnly("s3:*", arnOf("Bucket")) },
  },
  StateMachine: {
    Type: "AWS::StepFunctions::StateMachine",
    Properties: {
      DefinitionString: `{"StartAt":"End","States":{"End":{"Type":"Succeed"}}}`,
      RoleArn: arnOf("Role"),
      LoggingConfiguration: {
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: arnOf("Logs") } }],
        Level: "ALL",
      },
      TracingConfiguration: { Enabled: true },
    },
  },
  CDKMetadata: { Type: "AWS::CDK::Metadata", Properties: { Analytics: "v2:deflate64:" } },
};

/**
 * A template with every kind of resource that a loader's stacks are made of, in the shape that CDK gives them, and with
 * every property that moto is known to lose.
 */
export const loaderTemplate = {
  Parameters: {
    BootstrapVersion: {
      Type: "AWS::SSM::Parameter::Value<String>",
      Default: "/cdk-bootstrap/hnb659fds/version",
    },
  },
  Resources: { ...functionResources, ...sources, ...mappings, ...others },
  Outputs: { QueueUrl: { Value: ref("Queue") }, AliasArn: { Value: ref("Alias") } },
};
