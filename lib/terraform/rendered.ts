import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { Later, later } from './later';

/** What a resource gives cdktf: blocks by kind, such as `resource`, and in that the attributes by type and name. */
export type Rendered = Readonly<Record<string, unknown>>;

/**
 * A resource in a form that cdktf takes as it is. cdktf goes through all values of a resource three times: for references to other
 * stacks, then by itself, then with all others. Where nothing in it is a token there is nothing to be found, and for thousands of
 * devices looking takes longer than all else that cdktf does.
 */
export function asFinished(element: IConstruct, rendered: Rendered): Rendered {
  const { resource } = rendered;
  if (isOverridden(element) || !isPlain(resource) || mayHoldTokens(resource)) return rendered;
  // By itself it becomes another one of these, and with all others what it is.
  const whole = (value: unknown): unknown => later(() => later(() => finish(value)));
  const attributes = (all: object): object => mapValues(all, whole);
  return { ...rendered, resource: mapValues(resource, (named) => mapValues(named, attributes)) };
}

/** Whether something is merged into what the stack's resources render. */
function isOverridden(element: IConstruct): boolean {
  const { rawOverrides } = TerraformStack.of(element) as unknown as { readonly rawOverrides?: object };
  return rawOverrides === undefined || 'resource' in rawOverrides;
}

/** Whether cdktf could find something in the value that it would have to put another value for. */
function mayHoldTokens(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('TfToken[') || value.includes('e+');
  if (typeof value === 'number') return !Number.isSafeInteger(value);
  if (value instanceof Later || value === null || value === undefined || typeof value === 'boolean') return false;
  if (Array.isArray(value)) return value.some(mayHoldTokens);
  return !isPlain(value) || Object.entries(value).some(([key, one]) => mayHoldTokens(key) || mayHoldTokens(one));
}

function isPlain(value: unknown): value is Rendered {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The value as cdktf leaves it: without what is undefined. */
function finish(value: unknown): unknown {
  if (value instanceof Later) return value.produce();
  if (Array.isArray(value)) return value.map(finish).filter((one) => one !== undefined);
  if (!isPlain(value)) return value;
  return mapValues(value, finish);
}

function mapValues(of: object, change: (value: never) => unknown): Record<string, unknown> {
  const entries = Object.entries(of).map(([key, value]) => [key, change(value as never)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
