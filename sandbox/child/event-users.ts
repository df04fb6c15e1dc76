import { compileFunction } from "node:vm";
import { addedToUser, eventUser, fieldsOfNoEvent, isEventUser, type LoginProfile } from "../login-event.ts";
import { jsonClone } from "./json-clone.ts";

/**
 * Makes `event.user` as {@link eventUser} does.
 *
 * @param isLast Whether nothing else is made of the profile: what is in it then needs no copy.
 */
export type MakeEventUser = (profile: LoginProfile, isLast: boolean) => object;

type Makers = readonly [copy: (profile: LoginProfile) => object, take: (profile: LoginProfile) => object];

interface Shape {
  readonly keys: readonly string[];
  /** How many profiles have had it before it was compiled. */
  seen: number;
  copy?: Makers[0];
  take?: Makers[1];
}

/** A tenant's users have the same few lists of fields: what is rarer is not worth compiling. */
const mostShapes = 32;
const mostFields = 100;
const seenBefore = 100;

/** Kept before code of Actions may replace them, and before the modules are closed. */
const compile = compileFunction;
const { keys: keysOf } = Object;
const { stringify } = JSON;
const ofNoEvent: ReadonlySet<string> = new Set(fieldsOfNoEvent);
const isOfNoEvent = ofNoEvent.has.bind(ofNoEvent);
/** In a literal `__proto__` stands for the prototype; the others have another place where the profile has them, too. */
const notWritten: ReadonlySet<string> = new Set(["__proto__", ...keysOf(addedToUser)]);
const isLeftToCopy = notWritten.has.bind(notWritten);

/**
 * An object that is made from a literal takes a fifth of the time that it takes to copy one field by field: a literal is kept for
 * each of the lists of fields that many profiles have.
 */
export function eventUserMaker(): MakeEventUser {
  const shapes: Shape[] = [];
  return (profile, isLast) => {
    if (isEventUser(profile)) {
      const shape = shapeOf(shapes, keysOf(profile));
      const make = isLast ? shape?.take : shape?.copy;
      if (make !== undefined) return make(profile);
      if (shape !== undefined && shape.seen++ === seenBefore) compileShape(shape);
    }
    const user = eventUser(profile);
    return isLast ? user : jsonClone(user);
  };
}

function shapeOf(shapes: Shape[], keys: readonly string[]): Shape | undefined {
  for (const shape of shapes) if (isSame(shape.keys, keys)) return shape;
  if (shapes.length >= mostShapes || keys.length > mostFields) return undefined;
  const shape = { keys, seen: 0 };
  shapes[shapes.length] = shape;
  return shape;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

function compileShape(shape: Shape): void {
  if (shape.keys.some(isLeftToCopy)) return;
  const kept = shape.keys.filter((key) => !isOfNoEvent(key));
  const literal = (value: (field: string) => string): string => {
    const fields = kept.map((key) => `${stringify(key)}:${value(`profile[${stringify(key)}]`)}`);
    return `(profile)=>({${[...fields, stringify(addedToUser).slice(1, -1)].join(",")}})`;
  };
  const source = `return [${literal((field) => `copy(${field})`)},${literal((field) => field)}];`;
  const makers = compile(source, ["copy"]) as (copy: (value: unknown) => unknown) => Makers;
  const [copy, take] = makers(jsonClone);
  Object.assign(shape, { copy, take });
}
