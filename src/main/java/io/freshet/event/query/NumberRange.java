package io.freshet.event.query;

/**
 * A range of a number or date, both ends included.
 *
 * @param attribute the item's attribute, by the name that it is declared with
 * @param min least value, of a date in days since the epoch; negative infinity for none
 * @param max greatest value; infinity for none
 */
public record NumberRange(String attribute, float min, float max) {

    /** Whether a number lies in the range; {@link Float#NaN} doesn't. */
    public boolean contains(float number) {
        return number >= min && number <= max;
    }
}
