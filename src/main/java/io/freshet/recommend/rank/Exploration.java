package io.freshet.recommend.rank;

import io.freshet.event.ItemHash;
import java.util.Arrays;

/**
 * Gives places of a list to new items, so that what they are worth can be learned from what users
 * do with them. A place is drawn with the configured probability, and then each new item that is
 * not listed yet with the same; else it goes to the next ranked item. The draws are hashes of
 * request and place, so a list that is made again after a restart is the same.
 *
 * <p>The propensity of an entry is the probability with which it came to its place, given the
 * places before it. With share s and n new items left it is s / n for a new item, 1 - s for the
 * next ranked item, and the sum for one that is both. Reused from request to request.
 */
final class Exploration {

    private static final int COIN_BITS = 32;
    private static final double COIN = 0x1p-32;

    private final float share;
    private int[] fresh = new int[0];
    private boolean[] isFresh = new boolean[0];
    private boolean[] listed = new boolean[0];
    private int freshCount;
    private float[] propensities = new float[0];
    private boolean[] drawn = new boolean[0];

    /**
     * @param share of places that is drawn, 0 for none
     */
    Exploration(float share) {
        this.share = share;
    }

    /** Begins with so many rows, of which none is new. */
    void begin(int rows) {
        freshCount = 0;
        if (listed.length < rows) {
            fresh = new int[2 * rows];
            isFresh = new boolean[2 * rows];
            listed = new boolean[2 * rows];
        }
        Arrays.fill(isFresh, 0, rows, false);
        Arrays.fill(listed, 0, rows, false);
    }

    /** Adds a row to those that may be drawn. */
    void offer(int row) {
        isFresh[row] = true;
        fresh[freshCount++] = row;
    }

    /**
     * Fills a list.
     *
     * @param ranked the rows of the list without exploration, in its order
     * @return the rows of the list, as many
     */
    int[] fill(String requestId, int[] ranked) {
        int[] list = new int[ranked.length];
        propensities = new float[ranked.length];
        drawn = new boolean[ranked.length];
        int next = 0;
        for (int place = 0; place < list.length; place++) {
            while (listed[ranked[next]]) {
                next++;
            }
            list[place] = fillPlace(requestId, place, ranked[next]);
        }
        return list;
    }

    private int fillPlace(String requestId, int place, int ranked) {
        float chance = freshCount == 0 ? 0 : share;
        long hash = chance == 0 ? 0 : ItemHash.of(requestId + "/" + place);
        drawn[place] = (hash >>> COIN_BITS) * COIN < chance;
        long among = (hash & 0xffffffffL) * freshCount >>> COIN_BITS;
        int row = drawn[place] ? fresh[(int) among] : ranked;
        propensities[place] =
                (row == ranked ? 1 - chance : 0) + (isFresh[row] ? chance / freshCount : 0);
        listed[row] = true;
        if (isFresh[row]) {
            remove(row);
        }
        return row;
    }

    private void remove(int row) {
        int place = 0;
        while (fresh[place] != row) {
            place++;
        }
        System.arraycopy(fresh, place + 1, fresh, place, freshCount - place - 1);
        freshCount--;
    }

    /** Whether the entry at a place of the list that was filled last was drawn. */
    boolean drawn(int place) {
        return drawn[place];
    }

    /** The propensity of the entry at a place of that list. */
    float propensity(int place) {
        return propensities[place];
    }
}
