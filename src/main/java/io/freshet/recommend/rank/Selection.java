package io.freshet.recommend.rank;

import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.item.TopItems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Selects a list from scored rows, one after the other: the best row that is left and whose
 * category is not full. Rows of full categories come last, when there are no others.
 *
 * <p>What is best is maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): with
 * diversity d,
 *
 * <pre>
 *   (1 - d) · relevance - d · likeness to the listed item that is most alike
 * </pre>
 *
 * <p>Relevance is the score in the scale of the list: 1 for the best row, 0 for the last of the
 * best {@value #SCALE} times as many as are wanted, below 0 for the rest. A list of plain scores is
 * the case d = 0 without a cap. Reused from request to request.
 */
final class Selection {

    private static final int NONE = -1;
    private static final int SCALE = 5;

    private final ItemTable table;
    private final Likeness likeness;
    private final int categoryCap;
    private final float diversity;
    private final Map<String, Integer> listed = new HashMap<>();
    private TopItems ranked = new TopItems(1);
    private int listSize;
    private int[] items = new int[0];
    private int[] list = new int[0];
    private int count;
    private boolean[] taken = new boolean[0];
    private double[] alike = new double[0];
    private int[] compared = new int[0];
    private final List<Likeness.Subject> subjects = new ArrayList<>();

    /**
     * @param categoryCap most items of one category, 0 for no cap
     * @param diversity from 0 to 1
     */
    Selection(ItemTable table, Likeness likeness, int categoryCap, float diversity) {
        this.table = table;
        this.likeness = likeness;
        this.categoryCap = categoryCap;
        this.diversity = diversity;
    }

    /**
     * Selects a list.
     *
     * @param items item by row
     * @param scores score by row
     * @param size how many rows there are
     * @param listSize most rows of the list
     * @return the rows of the list, in its order
     */
    int[] select(int[] items, double[] scores, int size, int listSize) {
        this.items = items;
        this.listSize = listSize;
        rank(scores, size);
        list = new int[Math.min(listSize, size)];
        listed.clear();
        subjects.clear();
        for (count = 0; count < list.length; count++) {
            int uncapped = best(true);
            take(uncapped == NONE ? best(false) : uncapped);
        }
        return list;
    }

    private void rank(double[] scores, int size) {
        boolean anyRowMayCome = categoryCap > 0 || diversity > 0;
        if (anyRowMayCome ? ranked.capacity() < size : ranked.capacity() != listSize) {
            ranked = new TopItems(anyRowMayCome ? 2 * size : listSize);
        }
        ranked.clear();
        for (int row = 0; row < size; row++) {
            ranked.offer(row, scores[row], table.hash(items[row]));
        }
        if (taken.length < ranked.size()) {
            taken = new boolean[2 * size];
            alike = new double[2 * size];
            compared = new int[2 * size];
        }
        Arrays.fill(taken, 0, ranked.size(), false);
        Arrays.fill(alike, 0, ranked.size(), 0);
        Arrays.fill(compared, 0, ranked.size(), 0);
    }

    /** The best rank that is left; ranks that can't beat it any more are not looked at. */
    private int best(boolean capped) {
        int best = NONE;
        double most = Double.NEGATIVE_INFINITY;
        for (int rank = 0; rank < ranked.size(); rank++) {
            double atMost = (1 - diversity) * relevance(rank);
            if (atMost <= most) {
                return best;
            }
            if (!taken[rank] && !(capped && isFull(rank))) {
                double value = diversity == 0 ? atMost : atMost - diversity * alike(rank);
                best = value > most ? rank : best;
                most = Math.max(value, most);
            }
        }
        return best;
    }

    private void take(int rank) {
        taken[rank] = true;
        list[count] = ranked.item(rank);
        if (diversity > 0) {
            subjects.add(likeness.to(items[list[count]]));
        }
        listed.merge(category(rank), 1, Integer::sum);
    }

    private boolean isFull(int rank) {
        return categoryCap > 0
                && !category(rank).isEmpty()
                && listed.getOrDefault(category(rank), 0) >= categoryCap;
    }

    private String category(int rank) {
        return table.catalog().category(items[ranked.item(rank)]);
    }

    private double relevance(int rank) {
        double best = ranked.value(0);
        double scale = best - ranked.value(Math.min(SCALE * listSize, ranked.size()) - 1);
        return scale > 0 ? 1 - (best - ranked.value(rank)) / scale : 0;
    }

    /** Likeness to the listed item that is most alike. */
    private double alike(int rank) {
        int item = items[ranked.item(rank)];
        for (; compared[rank] < count; compared[rank]++) {
            double more = subjects.get(compared[rank]).of(item);
            alike[rank] = Math.max(alike[rank], more);
        }
        return alike[rank];
    }
}
