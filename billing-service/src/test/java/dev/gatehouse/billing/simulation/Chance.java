package dev.gatehouse.billing.simulation;

/** Random numbers that a seed decides, by SplitMix64: the same on every machine and in every Java release. */
public final class Chance {

    private long state;

    public Chance(long seed) {
        this.state = seed;
    }

    /** Another sequence, so that more numbers drawn here change nothing there. */
    Chance fork() {
        return new Chance(next());
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    public int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    public long between(long least, long most) {
        return least + Long.remainderUnsigned(next(), most - least + 1);
    }

    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    public boolean happens(double likelihood) {
        return fraction() < likelihood;
    }
}
