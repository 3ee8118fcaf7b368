// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { calculate, divideAsDecimal } from "../value/arithmetic";
import type { AggregateExpression } from "../syntax/ast";
import { compileExpression } from "./compile-expression";
import type { Evaluate } from "../run/evaluate";
import { orderOf } from "../value/compare";
import { isAbsent, NULL } from "../value/datum";
import type { Datum } from "../value/datum";
import { PartiqlEvaluationError } from "../errors";
import { indexKey } from "../value/index-key";
import { Problem } from "../value/problem";
import { workOf } from "../value/weight";
import type { Frame } from "../run/frame";
import type { Holding } from "../run/workload";
import type { Scope } from "./scope";

/** The aggregates of one SELECT list. NULL and MISSING do not count; over nothing, COUNT is 0 and the others NULL. */
export class Aggregation {
  readonly #aggregates: readonly {
    readonly expression: AggregateExpression;
    readonly operand: Evaluate | undefined;
  }[];
  readonly #source: string;

  constructor(expressions: readonly AggregateExpression[], scope: Scope) {
    this.#source = scope.source;
    this.#aggregates = expressions.map((expression) => ({
      expression,
      operand: expression.operand && compileExpression(expression.operand, { scope }),
    }));
  }

  /** Starts one execution, for one group. */
  start(holding: Holding): AggregationState {
    return new AggregationState(
      this.#aggregates.map(({ expression, operand }) => ({
        accumulator: new Accumulator(expression, this.#source, holding),
        operand,
      })),
    );
  }
}

/** The aggregates of one execution. */
export class AggregationState {
  readonly #parts: readonly { readonly accumulator: Accumulator; readonly operand: Evaluate | undefined }[];

  constructor(
    parts: readonly { readonly accumulator: Accumulator; readonly operand: Evaluate | undefined }[],
  ) {
    this.#parts = parts;
  }

  /** Takes in the current row. Nothing is counted before all values are known: a nested query may have to run for them. */
  add(frame: Frame): void {
    const values = this.#parts.map(({ operand }) => operand?.(frame));
    for (const [place, { accumulator, operand }] of this.#parts.entries()) {
      // COUNT(*) has no operand and counts every row.
      if (operand === undefined) accumulator.count += 1;
      else {
        frame.workload.spend(workOf(values[place]));
        accumulator.add(values[place]);
      }
    }
  }

  results(): readonly Datum[] {
    return this.#parts.map(({ accumulator }) => accumulator.result());
  }
}

class Accumulator {
  count = 0;
  readonly #expression: AggregateExpression;
  readonly #source: string;
  readonly #holding: Holding;
  #value: dom.Value | undefined;
  readonly #seen = new Set<string>();

  constructor(expression: AggregateExpression, source: string, holding: Holding) {
    this.#expression = expression;
    this.#source = source;
    this.#holding = holding;
  }

  add(value: Datum): void {
    if (isAbsent(value) || (this.#expression.distinct && !this.#isNew(value))) return;
    this.count += 1;
    this.#value = this.#merge(value);
  }

  #isNew(value: dom.Value): boolean {
    const key = indexKey(value);
    if (this.#seen.has(key)) return false;
    this.#holding.hold(value);
    this.#seen.add(key);
    return true;
  }

  result(): Datum {
    if (this.#expression.function === "COUNT") return new dom.Integer(this.count);
    if (this.#value === undefined) return NULL;
    if (this.#expression.function !== "AVG") return this.#value;
    return this.#checked(divideAsDecimal(this.#value, new dom.Integer(this.count)));
  }

  #merge(value: dom.Value): dom.Value {
    switch (this.#expression.function) {
      case "COUNT":
        return value;
      case "SUM":
      case "AVG":
        return this.#checked(calculate("+", this.#value ?? new dom.Integer(0), value));
      case "MIN":
        return this.#value === undefined || this.#order(value, this.#value) < 0 ? value : this.#value;
      case "MAX":
        return this.#value === undefined || this.#order(value, this.#value) > 0 ? value : this.#value;
    }
  }

  #order(left: dom.Value, right: dom.Value): number {
    const order = orderOf(left, right);
    if (order === undefined) throw this.#error("values of different kinds");
    return order;
  }

  #checked(result: Datum | Problem): dom.Value {
    if (result instanceof Problem) throw this.#error(result.found);
    if (result === undefined) throw this.#error("a value that is no number");
    return result;
  }

  #error(found: string): PartiqlEvaluationError {
    const { function: name, at } = this.#expression;
    return new PartiqlEvaluationError(
      `Expected values that ${name} can work on, found ${found}.`,
      this.#source,
      at,
    );
  }
}
