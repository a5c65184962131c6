package io.freshet;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.FreshetConfig;
import io.freshet.runtime.attribute.PositionAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;

/** What the model takes of interactions, as the options say. */
final class TakenAttributes {

    private TakenAttributes() {}

    /** The same for whoever makes a base and for the job itself. */
    static PositionAttributes of(FreshetConfig config) {
        SortedMap<String, Type> declared = config.ingest().attributes().context();
        Set<String> dates = new HashSet<>(declared.keySet());
        dates.removeIf(name -> declared.get(name) != Type.DATE);
        return new PositionAttributes(
                Set.copyOf(config.model().attributes()), declared.keySet(), dates);
    }
}
