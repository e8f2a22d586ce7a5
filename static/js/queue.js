// A batch is saved before it is sent, and sent unchanged until it is answered.
const MOST = 1000;
const whole = (value) => (Number.isSafeInteger(value) && value > 0 ? value : 0);

export class Queue {
	#keep;

	// `delta` taps are in flight as `sequence`, sent `tries` times.
	constructor(saved, keep) {
		Object.assign(this, { id: saved?.id, token: saved?.token });
		for (const name of ["waiting", "sequence", "delta", "tries", "at"]) this[name] = whole(saved?.[name]);
		if (!this.sequence || this.delta > MOST) this.delta = 0;
		this.#keep = keep;
	}

	get unsent() {
		return this.waiting + this.delta;
	}

	async save(now) {
		this.at += 1;
		return this.#keep?.({ ...this }, now);
	}

	take() {
		if (!this.#keep || !this.unsent) return;
		if (!this.delta) {
			this.delta = Math.min(this.waiting, MOST);
			this.waiting -= this.delta;
			this.sequence += 1;
			this.tries = 0;
		}
		this.tries += 1;
		return { sequence: this.sequence, delta: this.delta };
	}

	acknowledge(sequence, deferred) {
		return this.delta && sequence === this.sequence && this.land(deferred);
	}

	// What session `id` acknowledged last.
	judge(id, sequence, deferred) {
		const known = id === this.id;
		if (known && (this.acknowledge(sequence, deferred) || sequence <= this.sequence)) return;
		Object.assign(this, { id, sequence }, known && { waiting: 0 });
		this.land(known || this.tries ? 0 : this.delta);
	}

	// `back` taps are not counted: none if nobody can tell.
	land(back) {
		this.waiting += Math.min(whole(back), this.delta);
		this.delta = 0;
		this.save();
		return true;
	}
}
