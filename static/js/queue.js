// The queue of taps, packed into batches, one in flight. Pure: it is handed its saved state and a way to save.
// A batch has to be saved before it is sent, and is sent unchanged until its own answer has come.
const MOST = 1000; // taps in one batch (contract)
const whole = (value) => (Number.isSafeInteger(value) && value > 0 ? value : 0);

export class Queue {
  constructor(saved, save = () => {}) {
    const state = () => ({ waiting: this.waiting, sequence: this.sequence, delta: this.delta, tries: this.tries });
    this.save = (...how) => save(state(), ...how);
    // `delta` taps are in flight as batch `sequence`, the newest; none if it is 0.
    for (const name of ["waiting", "sequence", "delta", "tries"]) this[name] = whole(saved?.[name]);
    if (!this.sequence || this.delta > MOST) this.delta = 0;
  }

  get unsent() {
    return this.waiting + this.delta;
  }

  // The batch to send once it is saved: the one in flight again, or else a new one; null if there is nothing to send.
  take() {
    if (!this.unsent) return null;
    if (!this.delta) {
      this.delta = Math.min(this.waiting, MOST);
      this.waiting -= this.delta;
      this.sequence += 1;
      this.tries = 0;
    }
    this.tries += 1;
    return { sequence: this.sequence, delta: this.delta };
  }

  // A batch was answered; what was deferred waits for a later one. False if it is not the batch in flight.
  acknowledge(sequence, deferred) {
    return this.delta > 0 && sequence === this.sequence && this.#land(deferred);
  }

  // The session goes on: its last acknowledged sequence, and what was deferred of that batch.
  judge(sequence, deferred) {
    if (this.acknowledge(sequence, deferred) || !(sequence > this.sequence)) return;
    this.sequence = sequence;
    this.drop();
  }

  // Answered: not counted. If it was sent once more than that, a better answer may have been lost.
  refuse() {
    this.tries -= 1;
    if (!this.tries) this.#land(this.delta);
  }

  // Nobody can tell any more whether it was counted: a tap is never counted twice.
  drop() {
    this.#land(0);
  }

  #land(back) {
    this.waiting += Math.min(whole(back), this.delta);
    this.delta = 0;
    this.save();
    return true;
  }
}
