package io.freshet.recommend.item;

import io.freshet.event.Attribute;
import io.freshet.event.EncodedItem;
import io.freshet.recommend.ItemState;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** What the catalog says of items, in arrays by the table's index. */
public final class ItemCatalog {

    private static final float[] NO_NUMBERS = {};

    private final boolean keepsContent;
    private final List<String> numberNames;
    private final Map<List<String>, WeakReference<List<String>>> labels = new WeakHashMap<>();
    private long[] listedAt = {};
    private boolean[] available = {};
    private List<String>[] categories = lists(0);
    private float[][] numbers = {};
    private ContentVector[] content = {};

    /**
     * @param keepsContent whether content vectors are kept, a byte for each number
     * @param numberNames names of the attributes that are kept, numbers and dates
     */
    public ItemCatalog(boolean keepsContent, List<String> numberNames) {
        this.keepsContent = keepsContent;
        this.numberNames = numberNames;
    }

    /** Makes room for items, which are {@link #clear cleared} before their first use. */
    public void grow(int capacity) {
        listedAt = Arrays.copyOf(listedAt, capacity);
        available = Arrays.copyOf(available, capacity);
        categories = Arrays.copyOf(categories, capacity);
        numbers = Arrays.copyOf(numbers, capacity);
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
        categories[item] = List.of();
        numbers[item] = NO_NUMBERS;
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
        return categories[item].isEmpty() ? "" : categories[item].get(0);
    }

    /** The item's categories, most general first. */
    public List<String> categories(int item) {
        return categories[item];
    }

    /** The item's number or date of a name, {@link Float#NaN} if it has none. */
    public float number(int item, String name) {
        int place = numberNames.indexOf(name);
        return place < 0 || numbers[item].length == 0 ? Float.NaN : numbers[item][place];
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
        categories[item] = shared(record.categories());
        numbers[item] = numbers(record.attributes());
        content[item] = keepsContent ? ContentVector.of(record.vector()) : ContentVector.NONE;
    }

    public void store(int item, ItemState state) {
        state.listedAt = listedAt[item];
        state.available = available[item];
        state.categories = categories[item].toArray(String[]::new);
        state.numbers = numbers[item];
        state.numberNames = numbers[item].length == 0 ? 0 : numberNames.hashCode();
        state.content = content[item].numbers();
    }

    public void restore(int item, ItemState state) {
        listedAt[item] = state.listedAt;
        available[item] = state.available;
        categories[item] =
                state.categories.length == 0 && !state.category.isEmpty()
                        ? shared(List.of(state.category))
                        : shared(List.of(state.categories));
        numbers[item] = state.numberNames == numberNames.hashCode() ? state.numbers : NO_NUMBERS;
        content[item] = keepsContent ? ContentVector.of(state.content) : ContentVector.NONE;
    }

    /** By place of the names; empty if the item has none of them. */
    private float[] numbers(List<Attribute> attributes) {
        float[] found = NO_NUMBERS;
        for (Attribute attribute : attributes) {
            int place = numberNames.indexOf(attribute.name());
            if (place >= 0 && attribute.isNumber()) {
                if (found.length == 0) {
                    found = new float[numberNames.size()];
                    Arrays.fill(found, Float.NaN);
                }
                found[place] = attribute.number();
            }
        }
        return found;
    }

    /** An equal list: many items have the same labels, which are kept once. */
    private List<String> shared(List<String> found) {
        WeakReference<List<String>> reference = labels.get(found);
        List<String> known = reference == null ? null : reference.get();
        if (known != null) {
            return known;
        }
        List<String> kept = List.copyOf(found);
        labels.put(kept, new WeakReference<>(kept));
        return kept;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array has no type parameter
    private static List<String>[] lists(int size) {
        return new List[size];
    }
}
