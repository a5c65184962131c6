package io.freshet.recommend.rank;

import io.freshet.config.RecommendConfig.Rejection;
import io.freshet.event.RecommendationRequest;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemTable;
import java.util.Arrays;

/**
 * What it costs a candidate that the user rejected it, or items like it. A rejected item is left
 * out for a time, and then loses the penalty, halved once per half-life of the rejection's age. An
 * item that is alike in content loses a share of that from the beginning, times the square of the
 * cosine, so that what is remotely alike loses nearly nothing; it loses it for each of the last
 * {@value #COMPARED} rejected items. Reused from request to request.
 */
final class RejectionPenalties {

    private static final int COMPARED = 10;

    private final ItemTable table;
    private final Likeness likeness;
    private final Rejection config;
    private double[] penalties = new double[512];
    private boolean[] removed = new boolean[512];
    private boolean[] rejected = new boolean[512];

    RejectionPenalties(ItemTable table, Likeness likeness, Rejection config) {
        this.table = table;
        this.likeness = likeness;
        this.config = config;
    }

    /** Begins with a request: computes which candidates the user rejected. */
    void begin(RecommendationRequest request, Candidates candidates) {
        int size = candidates.size();
        if (penalties.length < size) {
            penalties = new double[2 * size];
            removed = new boolean[2 * size];
            rejected = new boolean[2 * size];
        }
        Arrays.fill(penalties, 0, size, 0);
        Arrays.fill(removed, 0, size, false);
        Arrays.fill(rejected, 0, size, false);
        for (int i = 0; i < request.rejected().length; i++) {
            int position = candidates.find(table.indexOf(request.rejected()[i]));
            if (position >= 0) {
                rejected[position] = true;
                removed[position] = age(request, i) < config.removal().toMillis();
                penalties[position] = penalty(request, i);
            }
        }
    }

    /**
     * Computes what candidates lose for being alike.
     *
     * @param positions those of the candidates that are meant
     * @param size how many there are
     */
    void compare(RecommendationRequest request, Candidates candidates, int[] positions, int size) {
        int count = request.rejected().length;
        for (int i = Math.max(0, count - COMPARED); i < count && config.likeness() > 0; i++) {
            Likeness.Subject subject = likeness.to(table.indexOf(request.rejected()[i]));
            double most = config.likeness() * penalty(request, i);
            for (int row = 0; row < size; row++) {
                int position = positions[row];
                if (!rejected[position]) {
                    double alike = subject.of(candidates.item(position));
                    penalties[position] += most * alike * alike;
                }
            }
        }
    }

    /** Whether the candidate at a position is left out. */
    boolean removes(int position) {
        return removed[position];
    }

    /** Whether the user rejected the very candidate at a position. */
    boolean isRejected(int position) {
        return rejected[position];
    }

    /** What the candidate at a position loses, at least 0. */
    double of(int position) {
        return penalties[position];
    }

    private double penalty(RecommendationRequest request, int index) {
        double halfLives = age(request, index) / (double) config.halfLife().toMillis();
        return config.penalty() * Math.pow(2, -halfLives);
    }

    private static long age(RecommendationRequest request, int index) {
        return Math.max(0, request.timestamp() - request.rejectedAt()[index]);
    }
}
