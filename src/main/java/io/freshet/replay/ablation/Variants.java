package io.freshet.replay.ablation;

import io.freshet.config.EncoderConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.config.HistoryConfig;
import io.freshet.config.ItemConfig;
import io.freshet.config.ModelConfig;
import io.freshet.config.RecommendConfig;
import io.freshet.config.RecommendConfig.RecommendSource;
import io.freshet.config.TrainingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** The variants of an ablation: the only place that defines what each of them switches off. */
final class Variants {

    private static final int FEW_UPDATES = 10;

    // a window holds the longest sequence there is, as FreshetConfig requires
    private static final int LONGEST_SEQUENCE = HistoryConfig.LENGTH.defaultValue();

    private Variants() {}

    /**
     * All variants, the full system first.
     *
     * @param rows number of rows that are replayed; the second half of them is trained on
     * @param full options of the full system: what its model takes besides ids is left out, each by
     *     itself and all of it, and taken alone
     */
    static List<Variant> of(int rows, FreshetConfig full) {
        List<Variant> variants = new ArrayList<>(ofEverySystem(rows));
        if (full.item().attributeWidth() > 0) {
            variants.add(
                    new Variant(
                            "no-item-attributes",
                            "items' content is without their attributes",
                            new Configuration().set(ItemConfig.ATTRIBUTE_WIDTH, 0),
                            true));
        }
        List<String> attributes = full.model().attributes();
        if (!attributes.isEmpty()) {
            variants.add(taking("no-attributes", "the model takes items alone", List.of()));
        }
        if (attributes.size() > 1) {
            for (String name : attributes) {
                List<String> others = new ArrayList<>(attributes);
                others.remove(name);
                variants.add(
                        taking(
                                "no-" + plain(name),
                                "of model.attributes, %s is left out".formatted(name),
                                others));
                variants.add(
                        taking(
                                plain(name) + "-alone",
                                "of model.attributes, %s alone".formatted(name),
                                List.of(name)));
            }
        }
        return variants;
    }

    private static List<Variant> ofEverySystem(int rows) {
        return List.of(
                shared("full", "everything, as configured", new Configuration()),
                shared(
                        "large-alone",
                        "lists by the scores of the fine-tuned model alone",
                        only(RecommendSource.MODEL)),
                shared(
                        "small-alone",
                        "lists by the counts that move per event alone, no model",
                        only(RecommendSource.COUNTS).set(TrainingConfig.ENABLED, false)),
                new Variant(
                        "no-text",
                        "the model identifies items by their ids alone",
                        new Configuration().set(EncoderConfig.ENABLED, false),
                        true),
                shared(
                        "no-replay",
                        "windows are trained on new interactions alone",
                        new Configuration()
                                .set(TrainingConfig.Replay.RATIO, 0f)
                                .set(TrainingConfig.Replay.DISTILLATION, 0f)),
                shared(
                        "frozen",
                        "the base model is never updated; fusion and counts are live",
                        new Configuration().set(TrainingConfig.ENABLED, false)),
                shared(
                        "head-only",
                        "item rows, adapters and biases are fine-tuned, the transformer is not",
                        new Configuration().set(TrainingConfig.Optimizer.BODY_RATE, 0f)),
                shared(
                        "ten-updates",
                        "the second half is trained in " + FEW_UPDATES + " windows",
                        updates((rows - rows / 2) / FEW_UPDATES)));
    }

    private static Variant taking(String name, String about, List<String> attributes) {
        return new Variant(
                name, about, new Configuration().set(ModelConfig.ATTRIBUTES, attributes), true);
    }

    /** A name as part of a directory's. */
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private static Variant shared(String name, String about, Configuration options) {
        return new Variant(name, about, options, false);
    }

    private static Configuration only(RecommendSource source) {
        return new Configuration().set(RecommendConfig.SOURCES, List.of(source));
    }

    private static Configuration updates(int interactions) {
        return new Configuration()
                .set(TrainingConfig.Window.MIN_INTERACTIONS, Math.max(1, interactions))
                .set(
                        TrainingConfig.Window.MAX_INTERACTIONS,
                        Math.max(LONGEST_SEQUENCE, interactions))
                .set(TrainingConfig.UPDATES_PER_VERSION, 1)
                .set(TrainingConfig.Window.TIME, Duration.ofDays(100_000)); // never by time
    }

    /**
     * The system with one thing changed.
     *
     * @param name short name, which is also that of its directory
     * @param about what is different, in words
     * @param options what is different, in options of the job
     * @param ownBase whether its base model differs too, and must be made anew
     */
    record Variant(String name, String about, Configuration options, boolean ownBase) {}
}
