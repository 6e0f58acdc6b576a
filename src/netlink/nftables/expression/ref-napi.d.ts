// What is used here of ref-napi, which has no types of its own: C types as values that read and write a Buffer.

declare module 'ref-napi' {
  namespace ref {
    interface Type<Value> {
      readonly name: string;
      readonly size: number;
      readonly alignment: number;
      /** 1 for a value, 2 for a pointer to one. */
      readonly indirection: number;
      get(buffer: Buffer, offset: number): Value;
      set(buffer: Buffer, offset: number, value: Value): void;
    }

    const types: {
      readonly uint16: Type<number>;
      readonly int32: Type<number>;
      readonly uint64: Type<number | string>;
    };
  }

  export = ref;
}
