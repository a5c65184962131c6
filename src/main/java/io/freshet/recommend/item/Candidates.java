package io.freshet.recommend.item;

import io.freshet.event.ItemSignal;
import java.util.Arrays;

/**
 * The items that may answer one request, each once, with what is known of them that doesn't change
 * while the request waits. Reused from batch to batch.
 */
public final class Candidates {

    /** Hop of an item that followed none of the user's last items. */
    public static final int NO_HOP = -1;

    private static final int EMPTY = -1;

    private int size;
    private int[] items = new int[512];
    private final float[][] followed = new float[ItemSignal.HOPS][512];
    private float[] modelScores = new float[512];
    private int[] repeats = new int[512];
    private long[] lastHad = new long[512];
    private int[] slots = new int[2048];

    public Candidates() {
        Arrays.fill(slots, EMPTY);
    }

    public void clear() {
        size = 0;
        Arrays.fill(slots, EMPTY);
    }

    public int size() {
        return size;
    }

    /** Local index of the item at a position. */
    public int item(int position) {
        return items[position];
    }

    /**
     * Decayed count of how often it followed one of the user's last items.
     *
     * @param hop 0 for the last, 1 for the one before, and so on
     */
    public float followed(int hop, int position) {
        return followed[hop][position];
    }

    /** The latest hop that it is known to have followed, or -1. */
    public int hop(int position) {
        for (int hop = 0; hop < followed.length; hop++) {
            if (followed[hop][position] > 0) {
                return hop;
            }
        }
        return NO_HOP;
    }

    /** Log-probability by the model, NaN if it has no row for the item or did not score. */
    public float modelScore(int position) {
        return modelScores[position];
    }

    /** How often the user had the item, within the history that the request carries. */
    public int repeats(int position) {
        return repeats[position];
    }

    /** When the user had it last, event time in milliseconds; meaningful if {@link #repeats}. */
    public long lastHad(int position) {
        return lastHad[position];
    }

    /** Whether it is known to have occurred, even if its popularity is still on its way. */
    public boolean occurred(int position) {
        return hop(position) != NO_HOP || repeats[position] > 0;
    }

    public void followed(int hop, int position, float count) {
        followed[hop][position] = count;
    }

    public void modelScore(int position, float score) {
        modelScores[position] = score;
    }

    public void had(int position, long timestamp) {
        repeats[position]++;
        lastHad[position] = timestamp;
    }

    /** Position of the item, or -1. */
    public int find(int item) {
        return slots[slot(item)];
    }

    /** Position of the item, which is added if it is not there. */
    public int add(int item) {
        int slot = slot(item);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        if (size == items.length) {
            grow();
            slot = slot(item);
        }
        slots[slot] = size;
        items[size] = item;
        for (float[] counts : followed) {
            counts[size] = 0;
        }
        modelScores[size] = Float.NaN;
        repeats[size] = 0;
        lastHad[size] = 0;
        return size++;
    }

    private int slot(int item) {
        int mask = slots.length - 1;
        int slot = (item * 0x9E3779B9) >>> 1 & mask;
        while (slots[slot] != EMPTY && items[slots[slot]] != item) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int capacity = 2 * size;
        items = Arrays.copyOf(items, capacity);
        for (int hop = 0; hop < followed.length; hop++) {
            followed[hop] = Arrays.copyOf(followed[hop], capacity);
        }
        modelScores = Arrays.copyOf(modelScores, capacity);
        repeats = Arrays.copyOf(repeats, capacity);
        lastHad = Arrays.copyOf(lastHad, capacity);
        slots = new int[4 * capacity];
        Arrays.fill(slots, EMPTY);
        for (int position = 0; position < size; position++) {
            slots[slot(items[position])] = position;
        }
    }
}
