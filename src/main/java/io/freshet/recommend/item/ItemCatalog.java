package io.freshet.recommend.item;

import io.freshet.event.EncodedItem;
import io.freshet.recommend.ItemState;
import java.util.Arrays;

/** What the catalog says of items, in arrays by the table's index. */
public final class ItemCatalog {

    private static final byte[] NO_CONTENT = {};

    private final boolean keepsContent;
    private long[] listedAt = {};
    private boolean[] available = {};
    private String[] categories = {};
    private byte[][] content = {};
    private float[] lengths = {};

    /**
     * @param keepsContent whether content vectors are kept, a byte for each number
     */
    public ItemCatalog(boolean keepsContent) {
        this.keepsContent = keepsContent;
    }

    /** Makes room for items, which are {@link #clear cleared} before their first use. */
    public void grow(int capacity) {
        listedAt = Arrays.copyOf(listedAt, capacity);
        available = Arrays.copyOf(available, capacity);
        categories = Arrays.copyOf(categories, capacity);
        content = Arrays.copyOf(content, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
    }

    /**
     * Forgets what the catalog said of an index's item.
     *
     * @param isAvailable true for an item that is in no catalog, false for an index without an item
     */
    void clear(int item, boolean isAvailable) {
        listedAt[item] = ItemTable.NEVER;
        available[item] = isAvailable;
        categories[item] = "";
        content[item] = NO_CONTENT;
        lengths[item] = 0;
    }

    /** Event time of the item's record, or {@link ItemTable#NEVER}. */
    public long listedAt(int item) {
        return listedAt[item];
    }

    public boolean available(int item) {
        return available[item];
    }

    /** The item's most general category, or empty. */
    public String category(int item) {
        return categories[item];
    }

    /**
     * Length of the item's content vector, 0 if it has none or there is {@linkplain ItemTable#NONE
     * no item}.
     */
    public int contentWidth(int item) {
        return item == ItemTable.NONE ? 0 : content[item].length;
    }

    /** Cosine of two content vectors of one length, or 0 where it is below. */
    public double cosine(int item, int other) {
        byte[] a = content[item];
        byte[] b = content[other];
        int dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot <= 0 ? 0 : dot / ((double) lengths[item] * lengths[other]);
    }

    /** Takes over an item's record; an older one than it has is ignored. */
    public void apply(int item, EncodedItem record) {
        if (record.timestamp() < listedAt[item]) {
            return;
        }
        listedAt[item] = record.timestamp();
        available[item] = record.available();
        categories[item] = record.categories().isEmpty() ? "" : record.categories().get(0);
        keep(item, inBytes(record.vector()));
    }

    public void store(int item, ItemState state) {
        state.listedAt = listedAt[item];
        state.available = available[item];
        state.category = categories[item];
        state.content = content[item];
    }

    public void restore(int item, ItemState state) {
        listedAt[item] = state.listedAt;
        available[item] = state.available;
        categories[item] = state.category;
        keep(item, state.content);
    }

    private void keep(int item, byte[] vector) {
        content[item] = keepsContent ? vector : NO_CONTENT;
        int squares = 0;
        for (byte number : content[item]) {
            squares += number * number;
        }
        lengths[item] = (float) Math.sqrt(squares);
    }

    /** A cosine needs no common scale, so the largest number gets the largest byte. */
    private static byte[] inBytes(float[] vector) {
        float largest = 0;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        byte[] bytes = new byte[vector.length];
        for (int i = 0; i < bytes.length && largest > 0; i++) {
            bytes[i] = (byte) Math.round(Byte.MAX_VALUE * vector[i] / largest);
        }
        return bytes;
    }
}
