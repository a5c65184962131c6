package io.freshet.recommend.item;

import java.util.BitSet;

/**
 * Which items a table gives up, and when.
 *
 * <ul>
 *   <li>An item that is in no catalog expires when nobody has had it for the time-to-live, counted
 *       from when its decayed count has fallen to one interaction: a popular item is kept for
 *       longer.
 *   <li>An item that the catalog has withdrawn expires when nobody has had it for the withdrawn
 *       items' time-to-live.
 *   <li>An item that the catalog lists does not expire.
 *   <li>Beyond the most items that are kept, the coldest gives way: the one whose count fell to one
 *       interaction first, or that was listed first.
 *   <li>An item with a row in the live model is kept, and not counted: the model has limits of its
 *       own.
 * </ul>
 *
 * <p>All of this follows from the items' newest records and event time alone, so all instances come
 * to keep the same items, before and after a restore, whatever the order of the records.
 */
final class ItemExpiry {

    private final ItemLimits limits;
    private final ItemHeap expiring;
    private final ItemHeap coldest;
    private final BitSet inModel = new BitSet();

    ItemExpiry(ItemLimits limits, ItemIndex index) {
        this.limits = limits;
        expiring = new ItemHeap(index);
        coldest = new ItemHeap(index);
    }

    /** Makes room for indexes below {@code capacity}. */
    void grow(int capacity) {
        expiring.grow(capacity);
        coldest.grow(capacity);
    }

    boolean isInModel(int item) {
        return inModel.get(item);
    }

    /** Whether the live model has a row for the item. */
    void inModel(int item, boolean has) {
        inModel.set(item, has);
    }

    /**
     * Enters what is known of an item.
     *
     * @param coldAt event time at which its decayed count is one interaction, or of its listing if
     *     that is later
     * @param usedAt event time of its last interaction or of its catalog record
     */
    void put(int item, double coldAt, long usedAt, boolean isListed, boolean available) {
        remove(item);
        if (inModel.get(item)) {
            return;
        }
        coldest.put(item, coldAt);
        if (!available) {
            expiring.put(item, (double) usedAt + limits.withdrawnTtl());
        } else if (!isListed) {
            expiring.put(item, coldAt + limits.ttl());
        }
    }

    void remove(int item) {
        expiring.remove(item);
        coldest.remove(item);
    }

    /** The next item that has expired by {@code now}, {@link ItemTable#NONE} if there is none. */
    int expired(long now) {
        return expiring.firstKey() <= now ? expiring.first() : ItemTable.NONE;
    }

    /** The next item that is one too many, {@link ItemTable#NONE} if there is none. */
    int surplus() {
        return coldest.size() > limits.most() ? coldest.first() : ItemTable.NONE;
    }
}
