package io.freshet.replay.input;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.ResponseConfig;
import io.freshet.config.TrainingConfig.Loss;
import io.freshet.config.TrainingConfig.Objective;
import io.freshet.replay.input.csv.CsvFormatException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

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
        FeedbackConfig feedback = config.history().feedback();
        unseenTypes(FeedbackConfig.WEIGHTS, feedback.weights().keySet()).ifPresent(warnings::add);
        unseenTypes(FeedbackConfig.NEGATIVE_TYPES, feedback.negativeTypes())
                .ifPresent(warnings::add);
        unseenTypes(FeedbackConfig.EXPOSURE_TYPES, feedback.exposureTypes())
                .ifPresent(warnings::add);
        unseenTypes(ResponseConfig.TYPES, config.history().response().types())
                .ifPresent(warnings::add);
        unnamedTypes().ifPresent(warnings::add);
        withoutCatalogRow().ifPresent(warnings::add);
        oneMoment().ifPresent(warnings::add);
        return warnings;
    }

    private void requireInteractions() throws CsvFormatException {
        FeedbackConfig feedback = config.history().feedback();
        if (timetable.rows() > 0
                && timetable.types().keySet().stream()
                        .noneMatch(type -> feedback.roleOf(type, Float.NaN).isPosition())) {
            throw new CsvFormatException(
                    ("%s: all %d rows are exposures or rejections (feedback.exposure-types: %s;"
                                    + " feedback.negative-types: %s), expected interactions too,"
                                    + " for of these none is tested")
                            .formatted(
                                    interactions,
                                    timetable.rows(),
                                    String.join(",", feedback.exposureTypes()),
                                    String.join(",", feedback.negativeTypes())));
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

    private Optional<String> unseenTypes(ConfigOption<?> option, Collection<String> named) {
        Set<String> found = timetable.types().keySet();
        List<String> unseen = named.stream().filter(type -> !found.contains(type)).toList();
        return unseen.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "no row is of type %s, which %s names; found %s"
                                .formatted(
                                        String.join(", ", unseen),
                                        option.key(),
                                        found.stream().limit(5).toList()));
    }

    /** Where weights are given, a type without one was probably forgotten. */
    private Optional<String> unnamedTypes() {
        FeedbackConfig feedback = config.history().feedback();
        Set<String> named = feedback.namedTypes();
        List<String> unnamed =
                timetable.types().keySet().stream().filter(type -> !named.contains(type)).toList();
        return feedback.weights().isEmpty() || unnamed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ("rows of %d type(s), such as %s, which no option names, count with"
                                        + " feedback.default-weight = %s")
                                .formatted(
                                        unnamed.size(), unnamed.get(0), feedback.defaultWeight()));
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
