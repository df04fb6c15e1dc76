/**
 * A method as a function whose first argument is the object that it is called on: code that replaces the prototype's method later
 * changes nothing about it.
 *
 * @returns The function. Its caller says the type: the method's own one would choose one of several overloads.
 */
export function keptMethod(prototype: object, name: string): unknown {
  return Function.prototype.call.bind(Reflect.get(prototype, name) as () => unknown);
}
