package io.freshet.runtime.attribute;

import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.ItemHash;
import io.freshet.event.Profile;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes a vector of an item's categories and attributes, as of one more modality. Each value adds
 * or subtracts 1 at some places that its hash says (Weinberger et al., "Feature Hashing for Large
 * Scale Multitask Learning", ICML 2009), at several, so that two values that share one are still
 * two.
 */
public final class ItemAttributes implements Serializable {

    /** Name of the modality. */
    public static final String MODALITY = "attributes";

    private static final int PLACES = 4;
    private static final long serialVersionUID = 1L;

    private final int width;
    private final Set<String> dates;

    /**
     * @param width of the vector, 0 for none
     * @param dates names of attributes that are dates
     */
    public ItemAttributes(int width, Set<String> dates) {
        this.width = width;
        this.dates = Set.copyOf(dates);
    }

    /** Items have no vector of attributes. */
    public static ItemAttributes none() {
        return new ItemAttributes(0, Set.of());
    }

    /** Widths of modalities with this one. */
    public Map<String, Integer> modalities(Map<String, Integer> others) {
        return width == 0 ? others : with(others, width);
    }

    /** The item's vectors by modality, with this one if the item has a category or an attribute. */
    public Map<String, float[]> vectors(CatalogItem item) {
        if (width == 0 || item.attributes().isEmpty() && item.categories().isEmpty()) {
            return item.vectors();
        }
        float[] vector = new float[width];
        Profile.of(item).attributes().forEach(each -> add(each, vector));
        return with(item.vectors(), vector);
    }

    private void add(Attribute attribute, float[] vector) {
        String value = attribute.name() + value(attribute);
        for (int place = 0; place < PLACES; place++) {
            long hash = ItemHash.of(value + '#' + place);
            vector[(int) Math.floorMod(hash >> 1, (long) width)] += (hash & 1) == 0 ? 1 : -1;
        }
    }

    /** A date is in its year. */
    private String value(Attribute attribute) {
        return dates.contains(attribute.name())
                ? "=" + LocalDate.ofEpochDay((long) attribute.number()).getYear()
                : AttributeValue.of(attribute, false, 0);
    }

    private static <V> Map<String, V> with(Map<String, V> others, V own) {
        Map<String, V> all = new HashMap<>(others);
        all.put(MODALITY, own);
        return all;
    }
}
