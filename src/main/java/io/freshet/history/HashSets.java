package io.freshet.history;

import java.util.Arrays;

/** Sets of 64-bit hashes as plain arrays. */
final class HashSets {

    private HashSets() {}

    /** Whether a hash is among hashes in any order. */
    static boolean contains(long[] hashes, long hash) {
        for (long other : hashes) {
            if (other == hash) {
                return true;
            }
        }
        return false;
    }

    /** The hashes followed by another one; of all, at most the last {@code most}. */
    static long[] append(long[] hashes, long hash, int most) {
        int kept = Math.min(hashes.length, most - 1);
        long[] result = Arrays.copyOfRange(hashes, hashes.length - kept, hashes.length + 1);
        result[kept] = hash;
        return result;
    }

    /** Whether a hash is among ascending hashes. */
    static boolean containsSorted(long[] hashes, long hash) {
        return Arrays.binarySearch(hashes, hash) >= 0;
    }

    /** Ascending hashes with one more; the same array if they have it. */
    static long[] addSorted(long[] hashes, long hash) {
        int found = Arrays.binarySearch(hashes, hash);
        if (found >= 0) {
            return hashes;
        }
        int place = -found - 1;
        long[] result = Timeline.withGap(hashes, place);
        result[place] = hash;
        return result;
    }
}
