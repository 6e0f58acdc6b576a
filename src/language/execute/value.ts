// The value of a field or call and of what its path leads to. A missing step makes the whole missing; behind a [*]
// elements where a step is missing are skipped.

import { invariant, unreachable } from '../../diagnostic/invariant';
import type { Call, FieldReference, IndexStep, TypedArgument, TypedValue } from '../typed-ast';
import { arrayValue, latin1, type Value } from '../value';
import { type Context, MissingFieldError } from './context';
import { evaluate } from './execute';

/** For a value whose path has no [*]. */
export function evaluateValue(value: TypedValue, context: Context): Value | undefined {
  return value.path.reduce<Value | undefined>(
    (reached, step) => reached && element(reached, step),
    evaluateBase(value.base, context),
  );
}

/** For a value whose path has a [*]: all elements, in order; none where the container is missing. */
export function evaluateEach(value: TypedValue, context: Context): readonly Value[] {
  return eachElement(value, context) ?? [];
}

/** undefined where the container before the first [*] is missing. */
function eachElement(value: TypedValue, context: Context): readonly Value[] | undefined {
  const first = value.path.findIndex(step => step.kind === 'each');
  const container = evaluateValue({ ...value, path: value.path.slice(0, first) }, context);
  if (container === undefined) return undefined;
  let reached: readonly Value[] = [container];
  for (const step of value.path.slice(first)) {
    reached = reached.flatMap(each => (step.kind === 'each' ? elements(each) : present(element(each, step))));
  }
  return reached;
}

function present(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}

function element(container: Value, step: IndexStep): Value | undefined {
  invariant(typeof container === 'object' && 'kind' in container, 'check() lets only containers be indexed');
  switch (step.kind) {
    case 'index':
      return container.kind === 'array' ? container.items[step.index] : undefined;
    case 'key':
      return container.kind === 'map' ? container.entries.get(latin1(Buffer.from(step.key))) : undefined;
    case 'each':
      return undefined;
    default:
      return unreachable(step);
  }
}

/** A map's are its values in the order of its keys. */
function elements(container: Value): readonly Value[] {
  invariant(typeof container === 'object' && 'kind' in container, 'check() lets only containers be unpacked');
  return container.kind === 'array' ? container.items : [...container.entries.values()];
}

function evaluateBase(base: FieldReference | Call, context: Context): Value | undefined {
  if (base.kind === 'call') return evaluateCall(base, context);
  const value = context.fields.get(base.field.name);
  if (value === undefined && !base.field.optional) throw new MissingFieldError(base.field.name);
  return value;
}

function evaluateCall(call: Call, context: Context): Value | undefined {
  const definition = context.functions.get(call.function.name);
  invariant(definition !== undefined, `the context has the function ${call.function.name}`);
  const [first, ...more] = call.arguments;
  const rest = more.map(argument => evaluateArgument(argument, context));
  if (first?.kind !== 'value' || !first.each) {
    return definition.execute(first === undefined ? rest : [evaluateArgument(first, context), ...rest]);
  }
  const items = eachElement(first, context);
  return items && arrayValue(items.flatMap(item => present(definition.execute([item, ...rest]))));
}

function evaluateArgument(argument: TypedArgument, context: Context): Value | undefined {
  switch (argument.kind) {
    case 'value':
      return evaluateValue(argument, context);
    case 'int':
    case 'address':
    case 'bytes':
      return argument.value;
    default: {
      const condition = evaluate(argument, context);
      return typeof condition === 'boolean' ? condition : arrayValue(condition);
    }
  }
}
