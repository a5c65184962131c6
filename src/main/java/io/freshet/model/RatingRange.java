package io.freshet.model;

/**
 * The scale of explicit ratings.
 *
 * @param least lowest rating
 * @param greatest highest rating, greater than {@code least}
 */
public record RatingRange(float least, float greatest) {}
