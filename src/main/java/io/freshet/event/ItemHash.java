package io.freshet.event;

/** A 64-bit hash of item ids, small enough to keep one for everything a user ever had. */
public final class ItemHash {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private ItemHash() {}

    /**
     * FNV-1a over the id's UTF-16 units, finished with the mixer of SplitMix64. Part of state and
     * of what travels: never change it.
     */
    public static long of(String itemId) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < itemId.length(); i++) {
            hash = (hash ^ itemId.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
