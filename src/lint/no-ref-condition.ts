import { RefFinder } from "./ref-origin.ts";
import { bare, partOf, partsOf, textOf, type Scope, type SyntaxNode } from "./syntax.ts";

/** What a linter gives to a rule, as far as this one needs it. ESLint and oxlint both do. */
export interface RuleContext {
  readonly sourceCode: { readonly getScope: (node: never) => unknown };
  readonly report: (problem: { readonly node: never; readonly messageId: string }) => void;
}

const comparisons: ReadonlySet<string | undefined> = new Set(["==", "!=", "===", "!=="]);

/**
 * Refuses a ref as a condition in the function of a graph or job. It compiles in places, and counts as true whatever its
 * step will give: nobody notices when the function is called.
 */
export const noRefCondition = {
  meta: {
    type: "problem" as const,
    docs: { description: "a ref is no condition: it has no value when a graph is written" },
    schema: [],
    messages: {
      condition:
        "A ref counts as true, whatever its step will give. Branch on it with when() or match(); orElse(), firstOf() and present() are for what may be skipped or missing.",
      comparison:
        "A ref is compared before it has a value. Compare in an op that gives true or false, and branch on that with when().",
    },
  },
  create(context: RuleContext): Readonly<Record<string, (node: SyntaxNode) => void>> {
    const refs = new RefFinder((node) => context.sourceCode.getScope(node as never) as Scope);
    const report = (node: SyntaxNode, messageId: string): void => {
      context.report({ node: node as never, messageId });
    };
    const check = (node: SyntaxNode | undefined): void => {
      const condition = node && bare(node);
      // Its left side is looked at by itself.
      if (condition?.type === "LogicalExpression") check(partOf(condition, "right"));
      else if (condition !== undefined && refs.isRef(condition)) report(condition, "condition");
    };
    const test = (node: SyntaxNode): void => check(partOf(node, "test"));
    return {
      IfStatement: test,
      ConditionalExpression: test,
      WhileStatement: test,
      DoWhileStatement: test,
      ForStatement: test,
      SwitchStatement: (node) => check(partOf(node, "discriminant")),
      LogicalExpression: (node) => check(partOf(node, "left")),
      UnaryExpression: (node) => {
        if (textOf(node, "operator") === "!") check(partOf(node, "argument"));
      },
      CallExpression: (node) => {
        if (textOf(partOf(node, "callee"), "name") === "Boolean") check(partsOf(node, "arguments")[0]);
      },
      BinaryExpression: (node) => {
        if (!comparisons.has(textOf(node, "operator"))) return;
        const sides = ["left", "right"].flatMap((side) => partOf(node, side) ?? []);
        const compared = sides.find((side) => refs.isRef(side));
        if (compared !== undefined) report(compared, "comparison");
      },
    };
  },
};
