package io.freshet.recommend;

import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes a list of candidates: leaves out what may not be listed, fuses what the sources say, takes
 * the best, and says for each what spoke most for it. Reused from request to request.
 */
final class Ranking {

    private final ItemTable table;
    private final Features features;
    private final FusionWeights weights;
    private final TopItems best;
    private int[] eligible = new int[512];
    private int size;
    private int segment;

    Ranking(ItemTable table, Features features, FusionWeights weights, int listSize) {
        this.table = table;
        this.features = features;
        this.weights = weights;
        best = new TopItems(listSize);
    }

    /** Ranks the candidates as of the table's present; best first. */
    List<RecommendedItem> rank(RecommendationRequest request, Candidates candidates, int segment) {
        this.segment = segment;
        filter(request, candidates);
        features.compute(request, candidates, eligible, size, table);
        float[] effective = weights.of(segment);
        best.clear();
        for (int row = 0; row < size; row++) {
            int item = candidates.item(eligible[row]);
            best.offer(row, FusionWeights.dot(features.values(), row, effective), table.hash(item));
        }
        double[] means = features.means();
        List<RecommendedItem> list = new ArrayList<>(best.size());
        for (int rank = 0; rank < best.size(); rank++) {
            int row = best.item(rank);
            Source source = source(row, candidates, effective, means);
            String id = table.id(candidates.item(eligible[row]));
            float score = (float) best.value(rank);
            list.add(new RecommendedItem(id, score, source, because(source, id, request)));
        }
        return list;
    }

    /** Learns from what the user chose after the list that was ranked last. */
    void learn(int item, Candidates candidates) {
        for (int row = 0; row < size; row++) {
            if (candidates.item(eligible[row]) == item) {
                weights.learn(features.values(), size, segment, row);
                return;
            }
        }
    }

    private void filter(RecommendationRequest request, Candidates candidates) {
        if (eligible.length < candidates.size()) {
            eligible = new int[2 * candidates.size()];
        }
        size = 0;
        for (int position = 0; position < candidates.size(); position++) {
            int item = candidates.item(position);
            boolean had = Arrays.binarySearch(request.seen(), table.hash(item)) >= 0;
            // a probe is compared with what users can choose: items that occurred before it
            boolean choosable = !request.isProbe() || occurred(candidates, position);
            if (table.available(item) && !had && choosable) {
                eligible[size++] = position;
            }
        }
    }

    /** A follower or repeat occurred, even if its popularity is still on its way. */
    private boolean occurred(Candidates candidates, int position) {
        return table.occurred(candidates.item(position))
                || candidates.followed(position) > 0
                || candidates.repeats(position) > 0;
    }

    private Source source(int row, Candidates candidates, float[] effective, double[] means) {
        int position = eligible[row];
        Source source = occurred(candidates, position) ? Source.POPULARITY : Source.CATALOG;
        double most =
                features.contribution(row, Features.NEWNESS, features.width(), effective, means);
        if (candidates.followed(position) > 0) {
            double says =
                    features.contribution(
                            row, Features.TRANSITION, Features.REPEAT, effective, means);
            source = says > most ? Source.TRANSITION : source;
            most = Math.max(says, most);
        }
        if (!Float.isNaN(candidates.modelScore(position))) {
            double says =
                    features.contribution(
                            row, Features.MODEL, Features.TRANSITION, effective, means);
            source = says > most ? Source.MODEL : source;
            most = Math.max(says, most);
        }
        if (candidates.repeats(position) > 0) {
            double says =
                    features.contribution(row, Features.REPEAT, Features.NEWNESS, effective, means);
            source = says > most ? Source.REPEAT : source;
        }
        return source;
    }

    private static String because(Source source, String itemId, RecommendationRequest request) {
        String[] items = request.items();
        return switch (source) {
            case TRANSITION, MODEL -> items.length == 0 ? "" : items[items.length - 1];
            case REPEAT -> itemId;
            case POPULARITY, CATALOG -> "";
        };
    }
}
