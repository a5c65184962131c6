package io.freshet.runtime;

import io.freshet.event.ItemHash;

/** Hashes that stay the same over restarts and machines. */
public final class StableHash {

    private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

    private StableHash() {}

    /** The finisher of SplitMix64: spreads neighbouring numbers over all of the range. */
    public static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** A number in [0, 1), uniform over texts, that the text and the seed alone decide. */
    public static double fraction(String text, long seed) {
        return (mix(ItemHash.of(text) ^ seed) >>> 11) * TWO_TO_MINUS_53;
    }
}
