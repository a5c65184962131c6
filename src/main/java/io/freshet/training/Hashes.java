package io.freshet.training;

import io.freshet.event.ItemHash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes that stay the same over restarts and machines. */
final class Hashes {

    private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

    private Hashes() {}

    /** SHA-256 in hexadecimal digits. */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The finisher of SplitMix64: spreads neighbouring numbers over all of the range. */
    static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** A number in [0, 1) that a text and a seed decide. */
    static double fraction(String text, long seed) {
        return (mix(ItemHash.of(text) ^ seed) >>> 11) * TWO_TO_MINUS_53;
    }
}
