package io.freshet.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which item has which row of a model's table. Row 0 is padding; a freed row has the empty id. */
public final class Vocabulary {

    private final List<String> itemIds = new ArrayList<>();
    private final Map<String, Integer> rows = new HashMap<>();

    /** A vocabulary of the padding row alone. */
    public Vocabulary() {
        itemIds.add("");
    }

    /**
     * A vocabulary of given rows.
     *
     * @param itemIds id of every row; the first is the empty string
     */
    public static Vocabulary of(String[] itemIds) {
        if (itemIds.length == 0 || !itemIds[0].isEmpty()) {
            throw new IllegalArgumentException(
                    "Row 0 of a vocabulary must be padding (an empty id), found "
                            + (itemIds.length == 0 ? "no row at all" : "'" + itemIds[0] + "'"));
        }
        Vocabulary vocabulary = new Vocabulary();
        for (int row = 1; row < itemIds.length; row++) {
            vocabulary.itemIds.add(itemIds[row]);
            if (!itemIds[row].isEmpty()) {
                vocabulary.rows.put(itemIds[row], row);
            }
        }
        return vocabulary;
    }

    /** Number of rows, padding and freed rows included. */
    public int size() {
        return itemIds.size();
    }

    /** The item's row, or 0 if it has none. */
    public int rowOf(String itemId) {
        return rows.getOrDefault(itemId, 0);
    }

    /** The row's item, or the empty string for padding and freed rows. */
    public String itemId(int row) {
        return itemIds.get(row);
    }

    /** Gives a new item the next row, and returns it; an item that has a row keeps it. */
    public int add(String itemId) {
        int present = rowOf(itemId);
        if (present > 0) {
            return present;
        }
        int row = itemIds.size();
        itemIds.add(itemId);
        rows.put(itemId, row);
        return row;
    }

    /**
     * Gives a row to another item. A row that the item had before becomes free.
     *
     * @param row from 1; {@link #size} adds a row
     * @param itemId the item, or empty to free the row
     * @throws IndexOutOfBoundsException if there is no such row and it is not the next
     */
    public void set(int row, String itemId) {
        if (row < 1 || row > itemIds.size()) {
            throw new IndexOutOfBoundsException(
                    "No row %d for item '%s', only 1 to %d".formatted(row, itemId, itemIds.size()));
        }
        if (row == itemIds.size()) {
            itemIds.add("");
        }
        rows.remove(itemIds.get(row));
        int former = itemId.isEmpty() ? 0 : rowOf(itemId);
        if (former > 0) {
            itemIds.set(former, "");
        }
        itemIds.set(row, itemId);
        if (!itemId.isEmpty()) {
            rows.put(itemId, row);
        }
    }

    /** The id of every row, the padding row first. */
    public String[] toArray() {
        return itemIds.toArray(new String[0]);
    }
}
