package io.freshet.event;

/**
 * Something else that is known of an interaction or an item: its device or its price. One of
 * several categories is an attribute each, all of the same name.
 *
 * @param name its name, as the option declares it
 * @param category the category, not empty; empty for a number
 * @param number the number, or of a date the days since the epoch; {@link Float#NaN} for a category
 */
public record Attribute(String name, String category, float number) {

    /** A category. */
    public static Attribute category(String name, String category) {
        return new Attribute(name, category, Float.NaN);
    }

    /** A number. */
    public static Attribute number(String name, float number) {
        return new Attribute(name, "", number);
    }

    /** Whether this is a number, and no category. */
    public boolean isNumber() {
        return category.isEmpty();
    }
}
