package io.freshet.recommend.item;

/** The best of what is offered, best first; equal values are ordered by a tie-breaker. */
public final class TopItems {

    private final int[] items;
    private final double[] values;
    private final long[] ties;
    private int size;

    /**
     * @param capacity how many are kept, at least 1
     */
    public TopItems(int capacity) {
        items = new int[capacity];
        values = new double[capacity];
        ties = new long[capacity];
    }

    /** How many are kept. */
    public int capacity() {
        return items.length;
    }

    public void clear() {
        size = 0;
    }

    /** Whether an item of this value may be among the best. */
    boolean takes(double value) {
        return size < items.length || value >= values[size - 1];
    }

    public int size() {
        return size;
    }

    /** The item at a rank, 0 being the best. */
    public int item(int rank) {
        return items[rank];
    }

    public double value(int rank) {
        return values[rank];
    }

    /**
     * Offers an item once.
     *
     * @param tie of two equal values, the smaller tie-breaker is better
     */
    public void offer(int item, double value, long tie) {
        if (size == items.length && !better(value, tie, size - 1)) {
            return;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (better(value, tie, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        int moved = Math.min(size, items.length - 1) - low;
        System.arraycopy(items, low, items, low + 1, moved);
        System.arraycopy(values, low, values, low + 1, moved);
        System.arraycopy(ties, low, ties, low + 1, moved);
        items[low] = item;
        values[low] = value;
        ties[low] = tie;
        size = Math.min(size + 1, items.length);
    }

    private boolean better(double value, long tie, int rank) {
        return value > values[rank] || (value == values[rank] && tie < ties[rank]);
    }
}
