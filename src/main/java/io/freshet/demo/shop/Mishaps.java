package io.freshet.demo.shop;

import io.freshet.event.Interaction;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What happens to records on their way: some are late, some come twice, some broken ones join in.
 */
final class Mishaps {

    private final RandomGenerator random;
    private final ShopSettings settings;
    private final long disorder;

    Mishaps(RandomGenerator random, ShopSettings settings) {
        this.random = random;
        this.settings = settings;
        this.disorder = settings.disorder().toMillis();
    }

    /** What arrives because of an interaction; none of it before the interaction's event time. */
    List<ShopRecord> of(Interaction interaction) {
        List<ShopRecord> arrivals = new ArrayList<>(1);
        long arrival = interaction.timestamp();
        if (random.nextDouble() < settings.lateShare()) {
            arrival += random.nextLong(disorder);
        }
        arrivals.add(new ShopRecord.Sale(arrival, interaction, false));
        if (random.nextDouble() < settings.duplicateShare()) {
            long later = arrival + random.nextLong(disorder);
            arrivals.add(new ShopRecord.Sale(later, interaction, true));
        }
        if (random.nextDouble() < settings.brokenShare()) {
            Fault fault = Draw.any(random, List.of(Fault.values()));
            arrivals.add(new ShopRecord.Broken(arrival, fault, fault.value()));
        }
        return arrivals;
    }
}
