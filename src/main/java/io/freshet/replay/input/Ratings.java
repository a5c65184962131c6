package io.freshet.replay.input;

import io.freshet.config.TrainingConfig.Objective;
import io.freshet.event.Interaction;
import java.io.IOException;

/**
 * The ratings of a file.
 *
 * @param rated number of rows with a rating
 * @param outside those of them whose rating lies outside a scale
 * @param least lowest rating, positive infinity for none
 * @param greatest highest rating, negative infinity for none
 */
public record Ratings(int rated, int outside, float least, float greatest) {

    /**
     * Reads a file.
     *
     * @param scale what the ratings are compared with
     */
    public static Ratings of(InteractionsFile file, Objective scale) throws IOException {
        int rated = 0;
        int outside = 0;
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        try (InteractionRows rows = file.open()) {
            for (Interaction row = rows.next(); row != null; row = rows.next()) {
                float rating = row.rating();
                if (row.hasRating()) {
                    rated++;
                    outside += rating < scale.ratingMin() || rating > scale.ratingMax() ? 1 : 0;
                    least = Math.min(least, rating);
                    greatest = Math.max(greatest, rating);
                }
            }
        }
        return new Ratings(rated, outside, least, greatest);
    }
}
