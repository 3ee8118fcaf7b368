# SPDX-License-Identifier: MIT
"""moto's server, with a CloudFormation that brings up more of a template than moto's own.

moto has services whose resources its CloudFormation cannot create: it skips them, and what refers to them fails. Here
they are created through the API of the service on this very server, as an SDK would. Nothing is kept here: what a test
reads back is what moto's service kept. Started by `startMoto`, with the arguments of moto.server.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError
from moto.awslambda.exceptions import UnknownAliasException
from moto.awslambda.models import EventSourceMapping, LambdaBackend
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.core.common_models import CloudFormationModel
from moto.server import main

ENDPOINT = f"http://127.0.0.1:{sys.argv[sys.argv.index('-p') + 1]}"
FIFO_NAMES = {"AWS::SQS::Queue": "QueueName", "AWS::SNS::Topic": "TopicName"}
# How the services say that what is to be deleted has gone with what it belonged to.
GONE = ("NotFound", "NonExistent", "NoSuch", "404")


class Resource:
    """A resource made through the API of its service: `physical_id` is what Ref gives, `attributes` what GetAtt does."""

    def __init__(self, physical_id, delete=lambda: None, **attributes):
        self.physical_resource_id = physical_id
        self.attributes = attributes
        self.delete_through_api = delete

    def get_cfn_attribute(self, name):
        return self.attributes[name]

    def is_created(self):
        return True

    def delete(self, account_id, region_name):
        """moto deletes in any order: a queue before its policy, a function before its alias."""
        try:
            self.delete_through_api()
        except ClientError as error:
            if not any(word in error.response["Error"]["Code"] for word in GONE):
                raise


def creates(service, resource_type):
    """Makes a function the way to create a type of resource: from a client of the service, properties and a name."""

    def register(create):
        def create_from_cloudformation_json(cls, name, resource, account_id, region_name, **_):
            credentials = {"aws_access_key_id": "moto", "aws_secret_access_key": "moto"}
            client = boto3.client(service, endpoint_url=ENDPOINT, region_name=region_name, **credentials)
            return create(client, resource["Properties"], name)

        # moto finds the types it knows among the direct subclasses of CloudFormationModel; the last one wins.
        members = {
            "cloudformation_type": staticmethod(lambda: resource_type),
            "create_from_cloudformation_json": classmethod(create_from_cloudformation_json),
        }
        return type(create.__name__, (CloudFormationModel,), members)

    return register


def only(properties, *names):
    return {name: properties[name] for name in names if name in properties}


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)


@creates("lambda", "AWS::Lambda::Version")
def lambda_version(client, properties, _):
    """moto's own way to publish a version does not tell its number."""
    version = client.publish_version(**only(properties, "FunctionName", "Description"))
    return Resource(version["FunctionArn"], Version=version["Version"], FunctionArn=version["FunctionArn"])


@creates("lambda", "AWS::Lambda::Alias")
def lambda_alias(client, properties, _):
    key = only(properties, "FunctionName", "Name")
    arn = client.create_alias(**key, **only(properties, "FunctionVersion", "Description"))["AliasArn"]
    return Resource(arn, lambda: client.delete_alias(**key), AliasArn=arn)


@creates("lambda", "AWS::Lambda::EventInvokeConfig")
def lambda_event_invoke_config(client, properties, name):
    client.put_function_event_invoke_config(**properties)
    key = only(properties, "FunctionName", "Qualifier")
    return Resource(name, lambda: client.delete_function_event_invoke_config(**key))


@creates("sns", "AWS::SNS::Subscription")
def sns_subscription(client, properties, _):
    subject = only(properties, "TopicArn", "Protocol", "Endpoint")
    attributes = {name: as_text(value) for name, value in properties.items() if name not in (*subject, "Region")}
    arn = client.subscribe(**subject, Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]
    return Resource(arn, lambda: client.unsubscribe(SubscriptionArn=arn))


@creates("sns", "AWS::SNS::TopicPolicy")
def sns_topic_policy(client, properties, name):
    policy = as_text(properties["PolicyDocument"])
    for topic in properties["Topics"]:
        client.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    return Resource(name)


@creates("sqs", "AWS::SQS::QueuePolicy")
def sqs_queue_policy(client, properties, name):
    policy = as_text(properties["PolicyDocument"])
    for queue in properties["Queues"]:
        client.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    return Resource(name)


@creates("s3", "AWS::S3::BucketPolicy")
def s3_bucket_policy(client, properties, name):
    bucket = properties["Bucket"]
    client.put_bucket_policy(Bucket=bucket, Policy=as_text(properties["PolicyDocument"]))
    return Resource(name, lambda: client.delete_bucket_policy(Bucket=bucket))


@creates("secretsmanager", "AWS::SecretsManager::Secret")
def secrets_manager_secret(client, properties, name):
    generate = dict(properties.get("GenerateSecretString", {}))
    template, key = generate.pop("SecretStringTemplate", None), generate.pop("GenerateStringKey", None)
    secret = properties.get("SecretString") or client.get_random_password(**generate)["RandomPassword"]
    if template is not None:
        secret = json.dumps({**json.loads(template), key: secret})
    described = only(properties, "Description", "KmsKeyId")
    arn = client.create_secret(Name=properties.get("Name", name), SecretString=secret, **described)["ARN"]
    return Resource(arn, lambda: client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True), Id=arn)


@creates("cloudwatch", "AWS::CloudWatch::Alarm")
def cloudwatch_alarm(client, properties, name):
    name = properties.get("AlarmName", name)
    client.put_metric_alarm(**{**properties, "AlarmName": name})
    arn = client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]
    return Resource(name, lambda: client.delete_alarms(AlarmNames=[name]), Arn=arn)


@creates("events", "AWS::Events::EventBus")
def event_bus(client, properties, _):
    """moto's own way to create a bus does not tell its name."""
    name = properties["Name"]
    arn = client.create_event_bus(**properties)["EventBusArn"]
    return Resource(name, lambda: client.delete_event_bus(Name=name), Arn=arn, Name=name)


@creates("dms", "AWS::DMS::Endpoint")
def dms_endpoint(client, properties, name):
    identifier = properties.get("EndpointIdentifier", name)
    arn = client.create_endpoint(**{**properties, "EndpointIdentifier": identifier})["Endpoint"]["EndpointArn"]
    return Resource(arn, lambda: client.delete_endpoint(EndpointArn=arn))


def complete_mappings():
    """moto maps queues, Kinesis streams and tables; a Kafka cluster has the limits of a Kinesis stream. And it tells the
    version behind an alias as a mapping's function, where AWS tells the alias."""
    service_of, create = EventSourceMapping._get_service_source_from_arn, LambdaBackend.create_event_source_mapping

    def service_or_stream(self, arn=None):
        service = service_of(self, arn)
        return "kinesis" if service == "kafka" else service

    def create_and_complete(self, spec):
        mapping = create_for_kafka(self, spec) if ":kafka:" in spec.get("EventSourceArn", "") else create(self, spec)
        alias = find_alias(self, mapping.function_arn.split(":")[6], mapping.function_name.split(":")[-1])
        mapping.function_arn = alias.arn if alias else mapping.function_arn
        return mapping

    EventSourceMapping._get_service_source_from_arn = service_or_stream
    LambdaBackend.create_event_source_mapping = create_and_complete


def create_for_kafka(backend, spec):
    function = backend.get_function(spec["FunctionName"])
    origin = {"RegionName": backend.region_name, "AccountId": backend.account_id}
    mapping = EventSourceMapping({**spec, **origin, "FunctionArn": function.function_arn})
    backend._event_source_mappings[mapping.uuid] = mapping
    return mapping


def find_alias(backend, function_name, name):
    try:
        return backend.get_alias(name, function_name)
    except UnknownAliasException:
        return None


class FailedResource(ValidationError):
    def __init__(self, message):
        super().__init__(message=message)


def complete_creation():
    """moto does not end the names that it makes up for FIFO queues and topics with .fifo, as CloudFormation does, and it
    passes on the error of a service without the resource that it befell."""
    create = parsing.parse_and_create_resource

    def create_or_tell(logical_id, resource, resources, *args, **kwargs):
        try:
            return create(logical_id, with_fifo_name(logical_id, resource, resources), resources, *args, **kwargs)
        except FailedResource:
            raise
        except Exception as error:
            reason = getattr(error, "message", None) or str(error) or type(error).__name__
            raise FailedResource(f"{logical_id} ({resource['Type']}): {reason}") from error

    parsing.parse_and_create_resource = create_or_tell


def with_fifo_name(logical_id, resource, resources):
    properties, name_property = resource.get("Properties", {}), FIFO_NAMES.get(resource["Type"])
    fifo = properties.get("FifoQueue", properties.get("FifoTopic", False))
    if name_property is None or name_property in properties or str(fifo).lower() != "true":
        return resource
    name = parsing.generate_resource_name(resource["Type"], resources["AWS::StackName"], logical_id)
    return {**resource, "Properties": {**properties, name_property: f"{name}.fifo"}}


if __name__ == "__main__":
    complete_mappings()
    complete_creation()
    main()
