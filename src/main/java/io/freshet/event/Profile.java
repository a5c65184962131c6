package io.freshet.event;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of an item or a user by attributes; a later one replaces an earlier one whole.
 *
 * @param subject whose id it is
 * @param id the item or the user
 * @param attributes what is known; empty for nothing
 * @param timestamp event time in milliseconds since the epoch
 */
public record Profile(Subject subject, String id, List<Attribute> attributes, long timestamp) {

    /** What a profile is of. */
    public enum Subject {
        ITEM,
        USER
    }

    /** Name of the attribute that an item's categories are. */
    public static final String CATEGORIES = "categories";

    /** An item's profile: its categories and its attributes. */
    public static Profile of(CatalogItem item) {
        List<Attribute> attributes = new ArrayList<>(item.attributes());
        item.categories().forEach(each -> attributes.add(Attribute.category(CATEGORIES, each)));
        return new Profile(Subject.ITEM, item.itemId(), attributes, item.timestamp());
    }
}
