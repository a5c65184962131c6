package io.freshet;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.FreshetConfig;
import io.freshet.runtime.attribute.ItemAttributes;
import io.freshet.runtime.attribute.PositionAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the model takes of interactions and items besides their ids, as the options say: the same
 * for whoever makes a base and for the job itself.
 */
final class TakenAttributes {

    private TakenAttributes() {}

    static PositionAttributes ofPositions(FreshetConfig config) {
        SortedMap<String, Type> declared = config.ingest().attributes().context();
        return new PositionAttributes(
                Set.copyOf(config.model().attributes()), declared.keySet(), dates(declared));
    }

    static ItemAttributes ofItems(FreshetConfig config) {
        return new ItemAttributes(
                config.item().attributeWidth(), dates(config.ingest().attributes().items()));
    }

    private static Set<String> dates(SortedMap<String, Type> declared) {
        Set<String> dates = new HashSet<>(declared.keySet());
        dates.removeIf(name -> declared.get(name) != Type.DATE);
        return dates;
    }
}
