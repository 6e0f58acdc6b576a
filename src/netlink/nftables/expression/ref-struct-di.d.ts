// What is used here of ref-struct-di, which has no types of its own: C structs with the ABI's padding over ref-napi.

declare module 'ref-struct-di' {
  import type ref from 'ref-napi';

  namespace structTypes {
    type Fields = Readonly<Record<string, ref.Type<unknown>>>;
    type Values<F extends Fields> = { [K in keyof F]: F[K] extends ref.Type<infer Value> ? Value : never };

    interface StructType<F extends Fields> {
      new (values: Values<F> | Buffer): Values<F> & { ref(): Buffer };
      /** sizeof. */
      readonly size: number;
    }
  }

  function structTypes(types: typeof ref): <F extends structTypes.Fields>(fields: F) => structTypes.StructType<F>;

  export = structTypes;
}
