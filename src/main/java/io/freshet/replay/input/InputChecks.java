package io.freshet.replay.input;

import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.TrainingConfig.Loss;
import io.freshet.config.TrainingConfig.Objective;
import io.freshet.replay.input.csv.CsvFormatException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares files, of which each row is sound, with the options and with each other. */
public final class InputChecks {

    private final InteractionsFile interactions;
    private final Timetable timetable;
    private final Set<String> catalog;
    private final FreshetConfig config;

    /**
     * @param timetable of the interactions
     * @param catalog the ids that have a catalog row
     */
    public InputChecks(
            InteractionsFile interactions,
            Timetable timetable,
            Set<String> catalog,
            FreshetConfig config) {
        this.interactions = interactions;
        this.timetable = timetable;
        this.catalog = catalog;
        this.config = config;
    }

    /**
     * Checks all.
     *
     * @return what a person should look at before trusting a figure, one sentence each
     * @throws CsvFormatException if nothing can be learned from the files with these options
     */
    public List<String> warnings() throws IOException {
        requireInteractions();
        requireRatingsOnScale();
        List<String> warnings = new ArrayList<>();
        unseenTypes().ifPresent(warnings::add);
        withoutCatalogRow().ifPresent(warnings::add);
        oneMoment().ifPresent(warnings::add);
        return warnings;
    }

    private void requireInteractions() throws CsvFormatException {
        HistoryConfig history = config.history();
        if (timetable.rows() > 0
                && timetable.types().keySet().stream().allMatch(history::isExposure)) {
            throw new CsvFormatException(
                    ("%s: all %d rows are exposures (history.exposure-types: "
                                    + "%s), expected interactions too, for exposures train "
                                    + "nothing and are not tested")
                            .formatted(
                                    interactions,
                                    timetable.rows(),
                                    String.join(",", history.exposureTypes())));
        }
    }

    private void requireRatingsOnScale() throws IOException {
        Objective scale = config.training().objective();
        if (scale.loss() != Loss.MSE) {
            return;
        }
        Ratings found = Ratings.of(interactions, scale);
        if (found.rated() == 0) {
            throw new CsvFormatException(
                    interactions + ": no row has a rating, which training.loss = mse trains on");
        }
        if (found.outside() > 0) {
            throw new CsvFormatException(
                    ("%s: %d of %d ratings lie outside %s to %s, found %s to "
                                    + "%s; set training.rating-min and training.rating-max, or "
                                    + "have them found by --find-rating-scale")
                            .formatted(
                                    interactions,
                                    found.outside(),
                                    found.rated(),
                                    scale.ratingMin(),
                                    scale.ratingMax(),
                                    found.least(),
                                    found.greatest()));
        }
    }

    private Optional<String> unseenTypes() {
        Set<String> found = timetable.types().keySet();
        List<String> unseen =
                config.history().exposureTypes().stream()
                        .filter(type -> !found.contains(type))
                        .toList();
        return unseen.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "no row is of type %s, which history.exposure-types names; found %s"
                                .formatted(
                                        String.join(", ", unseen),
                                        found.stream().limit(5).toList()));
    }

    private Optional<String> withoutCatalogRow() {
        List<String> missing =
                timetable.debuts().keySet().stream().filter(id -> !catalog.contains(id)).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%d of %d items have no catalog row, such as '%s'%s"
                                .formatted(
                                        missing.size(),
                                        timetable.debuts().size(),
                                        missing.get(0),
                                        catalog.stream()
                                                .findFirst()
                                                .map(
                                                        "; the catalog has ids such as '%s'"
                                                                ::formatted)
                                                .orElse("; the catalog is empty")));
    }

    private Optional<String> oneMoment() {
        long[] times = timetable.times();
        return times.length < 2 || times[0] < times[times.length - 1]
                ? Optional.empty()
                : Optional.of(
                        ("all %d rows are of one moment, %s, so that nothing "
                                        + "can be learned between them: the base model and its "
                                        + "statistics stay as they are")
                                .formatted(times.length, Instant.ofEpochMilli(times[0])));
    }
}
