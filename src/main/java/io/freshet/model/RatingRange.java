package io.freshet.model;

/**
 * The scale of explicit ratings.
 *
 * @param least lowest rating
 * @param greatest highest rating, greater than {@code least}
 */
public record RatingRange(float least, float greatest) {

    /** The rating on the scale that is nearest to one that may lie beyond it. */
    public float nearest(float rating) {
        return Math.max(least, Math.min(greatest, rating));
    }
}
