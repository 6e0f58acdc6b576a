// An ELF object that clang made, on its way into the kernel: opened from bytes, its constants set, loaded once.

import { type BpfObject, type BpfVariable, native } from '../native';
import { withCure, withCureAsync } from './bpf-error';

/** Parses the object; nothing reaches the kernel yet. `name` stands in errors and begins the names of its data maps. */
export function openBpfObject(elf: Uint8Array, name: string): BpfObject {
  return withCure(
    `read the BPF object ${name}`,
    ({ code }) => (code.startsWith('LIBBPF_') ? 'it is not what `clang -target bpf -g -c` writes' : undefined),
    () => new native.BpfObject(elf, name),
  );
}

/** Loads every program and map of the object, off the event loop. */
export function loadBpfObject(object: BpfObject, name: string): Promise<void> {
  return withCureAsync(
    `load the BPF object ${name}`,
    () => undefined,
    () => object.load(),
  );
}

/** Sets a `const volatile` variable before load. The bytes are in the machine's order and of the variable's size. */
export function setConstant(object: BpfObject, name: string, bytes: Uint8Array): void {
  const variable = constantNamed(object.variables(), name);
  if (bytes.length !== variable.size) {
    throw new RangeError(`constant ${name} has ${variable.size} bytes, not ${bytes.length}`);
  }
  object.setInitialValue(variable.section, variable.offset, bytes);
}

function constantNamed(variables: readonly BpfVariable[], name: string): BpfVariable {
  const constants = variables.filter(variable => variable.section.startsWith('.rodata'));
  const found = constants.find(variable => variable.name === name);
  if (found !== undefined) return found;
  const known = constants.map(variable => variable.name).join(', ') || 'none (was it compiled with -g?)';
  throw new RangeError(`the BPF object has no constant ${name}; it has: ${known}`);
}
