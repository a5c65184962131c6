package io.freshet.replay.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Writes predictions in the form that protocol P's evaluation reads. */
public final class PredictionsFile {

    private static final String HEADER = "position,items,model_version,trained_through";

    private PredictionsFile() {}

    /** Writes predictions to a CSV file, in the order of their positions. */
    public static void write(Path file, Collection<Prediction> predictions) throws IOException {
        List<Prediction> sorted =
                predictions.stream().sorted(Comparator.comparingInt(Prediction::position)).toList();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER + "\n");
            for (Prediction prediction : sorted) {
                out.write(
                        "%s,%s,%s,%s\n"
                                .formatted(
                                        prediction.position(),
                                        field(String.join("|", prediction.items())),
                                        prediction.modelVersion(),
                                        prediction.trainedThrough()));
            }
        }
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
