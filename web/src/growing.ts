// A typed array that grows.
type Typed = Int32Array | Uint32Array | Float64Array | Uint8Array;

export class Growing<T extends Typed> {
  data: T;
  length = 0;

  constructor(private readonly Type: new (length: number) => T, private readonly empty = 0, room = 64) {
    this.data = this.make(room);
  }

  private make(room: number): T {
    const made = new this.Type(room);
    return this.empty === 0 ? made : (made.fill(this.empty) as T);
  }

  /** Makes the length LENGTH at least. */
  reach(length: number): void {
    if (length > this.data.length) {
      const larger = this.make(Math.max(length, this.data.length * 2));
      larger.set(this.data);
      this.data = larger;
    }
    if (length > this.length) this.length = length;
  }

  /** Adds VALUE; its index. */
  push(value: number): number {
    this.reach(this.length + 1);
    this.data[this.length - 1] = value;
    return this.length - 1;
  }
}
