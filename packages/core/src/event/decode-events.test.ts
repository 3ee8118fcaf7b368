// SPDX-License-Identifier: MIT
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import {
  createEvent,
  decodeEvents,
  decodeValues,
  encodeEvent,
  encodeSourceTransaction,
} from "@ledger-loader/core";
import { dumpBinary, dumpText, load } from "ion-js";

const GOOD = `{op:"INSERT",table:"T",id:"a",version:0,data:{x:1}}`;

/** The only event's outcome, whether the event or the whole delivery is at fault. */
function rejectionOf(body: string | Uint8Array): { reason: string; detail: string } | undefined {
  try {
    const { events } = decodeEvents(body);
    return events[0]?.rejected;
  } catch (error) {
    return { reason: "malformed-event", detail: (error as Error).message };
  }
}

const pretty = (json: string): string => json.replace(/([{,])"/g, '$1\n  "').replace(/:1\./g, ": 1.");

describe("decodeEvents", () => {
  it.each([
    [
      "bytes that are neither Ion nor UTF-8",
      Uint8Array.from([0xff, 0xfe, 0x01]),
      "malformed-event",
      /Ion or JSON/,
    ],
    ["no bytes", "", "malformed-event", /no value/],
    ["an empty list", "[]", "malformed-event", /at least one event/],
    ["a text that is not a struct", `"hello"`, "malformed-event", /a struct, found string/],
    ["a null", "null", "malformed-event", /a struct, found null/],
    ["words", "hello world", "malformed-event", /a struct, found symbol/],
    ["no op", `{"table":"T","id":"a","data":{}}`, "malformed-event", /op to be a string, found none/],
    ["an unknown op", `{op:"UPSERT",table:"T",data:{}}`, "malformed-event", /one of INSERT.*found "UPSERT"/],
    ["an op in lower case", `{op:"insert",table:"T",data:{}}`, "malformed-event", /one of INSERT/],
    ["no table", `{op:"INSERT",data:{}}`, "malformed-event", /table to be a string, found none/],
    ["an injected table", `{op:"INSERT",table:"T; DROP",data:{}}`, "invalid-table", /letters, digits/],
    ["a quoted table", `{op:"INSERT",table:"T\\" SET","data":{}}`, "invalid-table", /letters, digits/],
    ["a system view", `{op:"INSERT",table:"_ql_committed_T",data:{}}`, "invalid-table", /_ql_/],
    [
      "no data for INSERT",
      `{op:"INSERT",table:"T",id:"a"}`,
      "malformed-event",
      /data to be a struct for INSERT/,
    ],
    [
      "no data for UPDATE",
      `{op:"UPDATE",table:"T",id:"a"}`,
      "malformed-event",
      /data to be a struct for UPDATE/,
    ],
    ["data that is text", `{op:"INSERT",table:"T",data:"x"}`, "malformed-event", /a struct, found string/],
    [
      "data that is null",
      `{"op":"ANY","table":"T","id":"a","data":null}`,
      "malformed-event",
      /found null.null/,
    ],
    [
      "data that is null.struct",
      `{op:"ANY",table:"T",id:"a",data:null.struct}`,
      "malformed-event",
      /null.struct/,
    ],
    [
      "a null id beside a version",
      `{"op":"INSERT","table":"T","id":null,"version":0,"data":{}}`,
      "malformed-event",
      /id to be an id beside version/,
    ],
    ["a null op", `{"op":null,"table":"T","id":"a","data":{}}`, "malformed-event", /op to be a string/],
    ["a null table", `{"op":"ANY","table":null,"id":"a"}`, "malformed-event", /table to be a string/],
    ["an annotated null", `{op:"ANY",table:"T",id:1,version:a::null}`, "malformed-event", /version/],
    ["null for an INSERT's data", `{op:"INSERT",table:"T",id:1,data:null}`, "malformed-event", /a struct/],
    ["null for an UPDATE's data", `{op:"UPDATE",table:"T",id:1,data:null}`, "malformed-event", /a struct/],
    ["an annotated id", `{op:"INSERT",table:"T",id:a::"b",data:{}}`, "malformed-event", /annotated/],
    ["an id with a fraction", `{op:"INSERT",table:"T",id:1.5,data:{}}`, "malformed-event", /id to be/],
    ["an id that is a struct", `{op:"INSERT",table:"T",id:{},data:{}}`, "malformed-event", /id to be/],
    ["an id that is a float", `{op:"INSERT",table:"T",id:1e0,data:{}}`, "malformed-event", /id to be/],
    [
      "an id of a billion digits",
      `{op:"INSERT",table:"T",id:1d999999999,data:{}}`,
      "malformed-event",
      /id to be/,
    ],
    ["a negative version", `{op:"INSERT",table:"T",id:"a",version:-1,data:{}}`, "malformed-event", /version/],
    [
      "a version that is text",
      `{op:"INSERT",table:"T",id:"a",version:"0",data:{}}`,
      "malformed-event",
      /version/,
    ],
    [
      "a version with a fraction",
      `{op:"INSERT",table:"T",id:"a",version:1.0,data:{}}`,
      "malformed-event",
      /version/,
    ],
    [
      "a huge version",
      `{op:"INSERT",table:"T",id:"a",version:9007199254740992,data:{}}`,
      "malformed-event",
      /2\^53/,
    ],
    [
      "a version without id",
      `{op:"INSERT",table:"T",version:0,data:{}}`,
      "malformed-event",
      /id to be an id/,
    ],
    [
      "a version beside a position",
      `{op:"ANY",table:"T",id:1,version:0,position:[1]}`,
      "malformed-event",
      /both/,
    ],
    ["an empty position", `{op:"ANY",table:"T",id:1,position:[]}`, "malformed-event", /position/],
    ["a position of text", `{op:"ANY",table:"T",id:1,position:["1"]}`, "malformed-event", /position/],
    [
      "data beside dataHash",
      `{op:"INSERT",table:"T",data:{},dataHash:{{AA==}}}`,
      "malformed-event",
      /32 bytes/,
    ],
    ["an UPDATE without id", `{op:"UPDATE",table:"T",data:{}}`, "malformed-event", /id to be an id/],
    ["a deletion without id", `{op:"ANY",table:"T"}`, "malformed-event", /id to be an id/],
    [
      "the same field twice",
      `{op:"INSERT",op:"DELETE",table:"T",id:"a",data:{}}`,
      "malformed-event",
      /there once/,
    ],
  ])("rejects %s and says what is wrong", (_, body, reason, detail) => {
    expect(rejectionOf(body)).toMatchObject({ reason, detail: expect.stringMatching(detail) });
  });

  it.each([
    ["verison", "did you mean version?"],
    ["Version", "did you mean version?"],
    ["data_hash", "did you mean dataHash?"],
    ["postion", "did you mean position?"],
    ["tabel", "did you mean table?"],
    ["idd", "did you mean id?"],
  ])("rejects the unknown field %s and says: %s", (name, hint) => {
    const rejection = rejectionOf(`{"op":"ANY","table":"T","id":"a","data":{},"${name}":7}`);
    expect(rejection).toMatchObject({ reason: "malformed-event", detail: expect.stringContaining(hint) });
    const fields = { op: "ANY", table: "T", id: "a", data: {}, [name]: 7 } as const;
    expect(() => createEvent(fields)).toThrow(hint);
  });

  it.each([
    [
      `{"before":null,"after":{"id":1},"source":{"connector":"mysql"},"op":"c"}`,
      "a change of Debezium (set MAPPING",
    ],
    [`{"schema":{},"payload":{"op":"c"}}`, "a change of Debezium"],
    [`{"database":"d","table":"t","type":"insert","ts":1,"data":{"id":1}}`, "a change of Maxwell"],
    [`{"data":{"id":1},"metadata":{"record-type":"data","operation":"insert"}}`, "a record of AWS DMS"],
    [
      `{"eventName":"INSERT","dynamodb":{"Keys":{}},"eventSource":"aws:dynamodb"}`,
      "a record of DynamoDB Streams",
    ],
    [`{"qldbStreamArn":"arn","recordType":"CONTROL","payload":{}}`, "a record of a QLDB stream"],
    [`{"Records":[{"eventSource":"aws:s3","s3":{}}]}`, "a notification of S3"],
    [`{"Records":[{"EventSource":"aws:sns","Sns":{}}]}`, "a list of records of aws:sns"],
    [`{"messageId":"m","body":"{}","eventSource":"aws:sqs"}`, "a record of aws:sqs, as EventBridge Pipes"],
    [`{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[]}`, "log lines of CloudWatch Logs"],
    [JSON.stringify(GOOD), "a string that holds JSON (encode the event once"],
    [Buffer.from(`{"op":"INSERT","table":"T","data":{}}`).toString("base64"), "text in base64"],
    [gzipSync(GOOD), "gzip (send the event uncompressed)"],
    [gzipSync(GOOD).toString("base64"), "text in base64"],
    [Buffer.from(`\uFEFF${GOOD}`, "utf16le"), "text in UTF-16"],
    [Buffer.from(GOOD, "utf16le"), "text in UTF-16"],
    [Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from(GOOD)]), "the prefix of a schema registry"],
    [Buffer.from(`{op:"INSERT",table:"T",data:{n:"ü"}}`, "latin1"), "bytes that are not UTF-8"],
  ])("says what it is that came in place of an event: %s", (body, found) => {
    expect(rejectionOf(body)).toMatchObject({
      reason: "malformed-event",
      detail: expect.stringContaining(found),
    });
  });

  it("takes an event with fields of such a record for an event with unknown fields", () => {
    const both = `{"op":"INSERT","table":"T","id":"a","data":{},"metadata":{},"eventSource":"secret"}`;
    expect(rejectionOf(both)?.detail).toContain('the unknown field "metadata"');
    expect(rejectionOf(`{"eventSource":"secret"}`)?.detail).not.toContain("secret");
  });

  it("makes no suggestion for a field that is like none", () => {
    const { detail } = rejectionOf(`{op:"ANY",table:"T",id:"a",traceparent:"00-ab"}`)!;
    expect(detail).toMatch(/op, table, id, version, .*found the unknown field "traceparent"\./);
  });

  it.each([
    `{"op":"INSERT","table":"T","id":"a","version":0,"data":{"a":1},"group":null}`,
    `{"op":"INSERT","table":"T","id":"b","version":0,"data":{"a":1},"dataHash":null}`,
    `{"op":"INSERT","table":"T","id":"c","version":null,"data":{"a":1}}`,
    `{"op":"INSERT","table":"T","id":null,"data":{"a":1}}`,
    `{"op":"INSERT","table":"T","id":"d","version":0,"data":{"a":1},"position":null}`,
    `{"op":"DELETE","table":"T","id":"e","version":1,"data":null}`,
    `{"op":"ANY","table":"T","id":"f","version":1,"data":null,"dataHash":"${"A".repeat(43)}="}`,
    `{op:"ANY",table:"T",id:"g",version:null.int,position:null.list,data:{},dataHash:null.blob,group:null.string}`,
  ])("takes null for an optional field as absent: %s", (body) => {
    const without = body.replace(/,?"?\w+"?:null(\.\w+)?/g, "");
    expect(decodeEvents(body).events).toEqual(decodeEvents(without).events);
    expect(rejectionOf(body)).toBeUndefined();
  });

  it("rejects every body that was cut off, text and binary", () => {
    const binary = dumpBinary(load(GOOD)!);
    for (let length = 1; length < GOOD.length; length++) {
      expect(rejectionOf(GOOD.slice(0, length))).toBeDefined();
    }
    for (let length = 1; length < binary.length; length++) {
      expect(rejectionOf(binary.subarray(0, length))).toBeDefined();
    }
  });

  it.each([
    `{op:"INSERT",table:"T",data:{a:"}"}`,
    `{op:"INSERT",table:"T",data:{}} }`,
    `{op:"INSERT",table:"T",data:{a:[}}}`,
    `{op:"INSERT",table:"T",data:{}} /* `,
    `{op:"INSERT",table:"T",data:{a:{{"clob"}}`,
  ])("rejects brackets that do not match: %s", (body) => {
    expect(rejectionOf(body)).toMatchObject({ reason: "malformed-event" });
  });

  it.each([
    `{op:"INSERT",table:"T",data:{a:"{[("}}`,
    `{op:"INSERT",table:"T",data:{a:'}',b:'''}''}''',c:{{ab//}},d:{{"}}"}}}} // }`,
    `/* { */ {op:"INSERT",table:"T",data:{a:"\\"}"}}`,
  ])("is not misled by brackets in strings, lobs and comments: %s", (body) => {
    expect(rejectionOf(body)).toBeUndefined();
  });

  it("takes several top-level values as independent events and a list as a source transaction", () => {
    expect(decodeEvents(`${GOOD}\n{op:nonsense} ${GOOD}`)).toMatchObject({
      atomic: false,
      events: [
        { event: { op: "INSERT" } },
        { rejected: { reason: "malformed-event" } },
        { event: { op: "INSERT" } },
      ],
    });
    expect(decodeEvents(`[${GOOD}, ${GOOD}]`)).toMatchObject({ atomic: true, events: { length: 2 } });
  });

  it.each([["7 "], [`"" `], ["{} "]])("keeps what is wrong with many values alike once: %s", (value) => {
    const { events } = decodeEvents(`${value.repeat(1000)} ${GOOD} [] `);
    expect(events.length).toBe(1002);
    expect(new Set(events).size).toBe(3);
    expect(events.at(0)?.rejected?.detail).not.toBe(events.at(-1)?.rejected?.detail);
  });

  it("reads JSON numbers exactly, with and without exponent", () => {
    const body = `{"op":"INSERT","table":"T","data":{"a":12345678901234567890,"b":1.50,"c":9.223372036854775807e18,"d":"1e5"}}`;
    const data = decodeEvents(body).events[0]?.event?.data;
    expect(dumpText(data)).toBe(`{a:12345678901234567890,b:1.50,c:9223372036854775807.,d:"1e5"}`);
  });

  it("leaves floats in Ion alone", () => {
    const data = decodeEvents(`{op:"INSERT",table:"T",data:{a:1e3}}`).events[0]?.event?.data;
    expect(dumpText(data)).toBe("{a:1e3}");
  });

  it("reads numbers with exponents in JSON lines exactly too", () => {
    const line = `{"op":"INSERT","table":"T","data":{"a":1e400}}`;
    const { events } = decodeEvents(`${line}\n${line}\n`);
    expect(events.map(({ event }) => dumpText(event?.data))).toEqual(["{a:1d400}", "{a:1d400}"]);
  });

  it.each([
    ["nothing", (a: string, b: string) => a + b],
    ["a blank", (a: string, b: string) => `${a} ${b}`],
    ["a line break, each printed over lines", (a: string, b: string) => `${pretty(a)}\r\n${pretty(b)}`],
    ["a comment with a bracket", (a: string, b: string) => `${a} /* { */ ${b}`],
    ["an Ion value", (a: string, b: string) => `${a}{op:ANY,table:T,id:1,data:{n:1e3}}${b}`],
    ["a byte order mark before", (a: string, b: string) => `\uFEFF${a}${b}`],
  ])("reads exponents exactly in values that are separated by %s", (_, join) => {
    const event = (id: string, amount: string) =>
      `{"op":"INSERT","table":"T","id":"${id}","version":0,"data":{"s":"} 1e5 {x","amount":${amount}}}`;
    const body = join(event("cf", "1.5e3"), event("cf2", "1.2345678901234567891e+19"));
    for (const each of [body, Buffer.from(body)]) {
      const amounts = decodeEvents(each).events.map(({ event: decoded }) =>
        dumpText(decoded?.data?.get("amount")),
      );
      expect([amounts[0], amounts.at(-1)]).toEqual(["15d2", "12345678901234567891."]);
    }
  });

  it.each([
    ["a value beside JSON", `{"a":1e3} {a:1e3}`, "{a:1e3}"],
    ["after an annotation", `{"a":1e3} note::{"a":1e3}`, `note::{a:1e3}`],
    ["after Ion's version marker", `$ion_1_0 {"a":1e3}`, "{a:1e3}"],
    ["beside a clob", `{{"}"}} {a:1e3}`, "{a:1e3}"],
  ])("leaves floats in Ion alone: %s", (_, body, last) => {
    expect(dumpText(decodeValues(body).at(-1))).toBe(last);
  });

  it.each([
    ["a symbol and a string", "abc", `"abc"`],
    ["an int and an integral decimal", "5", "5.00"],
    ["an int and a decimal with exponent", "500", "5d2"],
  ])("takes %s for the same id", (_, a, b) => {
    const [x, y] = [a, b].map(
      (id) => decodeEvents(`{op:"ANY",table:"T",id:${id}}`).events[0]?.event?.id?.key,
    );
    expect(x).toBeDefined();
    expect(x).toBe(y);
  });

  it.each([
    ["an int and a string", "5", `"5"`],
    ["a string and a blob", `"AAAA"`, "{{AAAA}}"],
    ["timestamps of different precision", "2020-01-01T", "2020-01-01T00:00Z"],
  ])("takes %s for different ids", (_, a, b) => {
    const [x, y] = [a, b].map(
      (id) => decodeEvents(`{op:"ANY",table:"T",id:${id}}`).events[0]?.event?.id?.key,
    );
    expect(x).not.toBe(y);
  });

  it("freezes events; their content is frozen before a hook sees it", () => {
    const event = decodeEvents(`{op:"INSERT",table:"T",data:{a:1}}`).events[0]?.event;
    expect(() => Object.assign(event!, { op: "DELETE" })).toThrow(TypeError);
  });

  it("leaves out the old row that DMS sends with a DELETE", () => {
    const event = decodeEvents(`{op:"DELETE",table:"T",id:1,data:{x:1}}`).events[0]?.event;
    expect(event).toMatchObject({ op: "DELETE" });
    expect(event?.data).toBeUndefined();
  });
});

describe("encodeEvent", () => {
  it("is undone by decodeEvents, types and all", () => {
    const event = createEvent({
      op: "ANY",
      table: "T",
      id: 12345678901234567890n,
      position: [1n, 2],
      data: load(
        `{d:1.50,t:2020-01-01T,f:1e0,s:sym,a:x::1,n:null.int,b:{{AAAA}},c:{{"c"}},dup:1,dup:2}`,
      ) as never,
      group: "g",
    });
    expect(decodeEvents(encodeEvent(event)).events[0]?.event).toEqual(event);
    expect(decodeEvents(encodeSourceTransaction([event, event]))).toMatchObject({ atomic: true });
  });
});
