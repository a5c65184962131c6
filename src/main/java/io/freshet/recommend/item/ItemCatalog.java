package io.freshet.recommend.item;

import io.freshet.event.EncodedItem;
import io.freshet.recommend.ItemState;
import java.util.Arrays;

/** What the catalog says of items, in arrays by the table's index. */
public final class ItemCatalog {

    private final boolean keepsContent;
    private long[] listedAt = {};
    private boolean[] available = {};
    private String[] categories = {};
    private ContentVector[] content = {};

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
        content[item] = ContentVector.NONE;
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

    /** The item's content, also of {@linkplain ItemTable#NONE no item}. */
    public ContentVector content(int item) {
        return item == ItemTable.NONE ? ContentVector.NONE : content[item];
    }

    /** Takes over an item's record; an older one than it has is ignored. */
    public void apply(int item, EncodedItem record) {
        if (record.timestamp() < listedAt[item]) {
            return;
        }
        listedAt[item] = record.timestamp();
        available[item] = record.available();
        categories[item] = record.categories().isEmpty() ? "" : record.categories().get(0);
        content[item] = keepsContent ? ContentVector.of(record.vector()) : ContentVector.NONE;
    }

    public void store(int item, ItemState state) {
        state.listedAt = listedAt[item];
        state.available = available[item];
        state.category = categories[item];
        state.content = content[item].numbers();
    }

    public void restore(int item, ItemState state) {
        listedAt[item] = state.listedAt;
        available[item] = state.available;
        categories[item] = state.category;
        content[item] = keepsContent ? ContentVector.of(state.content) : ContentVector.NONE;
    }
}
