// The queue of taps, packed into batches, one in flight. Pure: it is handed its saved state and a way to save.
// A batch has to be saved before it is sent, and is sent unchanged until its own answer has come.
const MOST = 1000; // taps in one batch (contract)
const whole = (value) => (Number.isSafeInteger(value) && value > 0 ? value : 0);

export class Queue {
  constructor(saved, save = () => {}) {
    const { sequence, delta, tries } = saved?.flying ?? {};
    const sound = whole(sequence) && whole(delta) && delta <= MOST;
    this.waiting = whole(saved?.waiting);
    this.flying = sound ? { sequence, delta, tries } : null;
    this.sequence = Math.max(whole(saved?.sequence), sound && sequence);
    this.save = (...how) => save({ waiting: this.waiting, sequence: this.sequence, flying: this.flying }, ...how);
  }

  get unsent() {
    return this.waiting + (this.flying?.delta ?? 0);
  }

  // The batch to send once it is saved: the one in flight again, or else a new one; null if there is nothing to send.
  take() {
    if (!this.unsent) return null;
    if (!this.flying) {
      const delta = Math.min(this.waiting, MOST);
      this.waiting -= delta;
      this.flying = { sequence: (this.sequence += 1), delta, tries: 0 };
    }
    this.flying.tries += 1;
    return { sequence: this.flying.sequence, delta: this.flying.delta };
  }

  // A batch was answered; what was deferred waits for a later one. False if it is not the batch in flight.
  acknowledge(sequence, deferred) {
    return this.flying?.sequence === sequence && this.#land(deferred);
  }

  // The session goes on: its last acknowledged sequence, and what was deferred of that batch.
  judge(sequence, deferred) {
    this.sequence = Math.max(this.sequence, whole(sequence));
    if (this.flying?.sequence <= sequence) this.#land(this.flying.sequence === sequence ? deferred : 0);
  }

  // Answered: not counted. If it was sent more than once, a better answer may have been lost.
  refuse() {
    if (this.flying?.tries === 1) this.#land(this.flying.delta);
  }

  // Nobody can tell any more whether it was counted: a tap is never counted twice.
  drop() {
    if (this.flying) this.#land(0);
  }

  #land(back) {
    this.waiting += Math.min(whole(back), this.flying.delta);
    this.flying = null;
    this.save();
    return true;
  }
}
