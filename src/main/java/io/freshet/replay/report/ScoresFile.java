package io.freshet.replay.report;

import io.freshet.event.PredictedResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Writes predicted responses in the form that protocol Q's evaluation reads. */
public final class ScoresFile {

    private static final String HEADER = "position,score,trained_through";

    private ScoresFile() {}

    /** Writes predictions to a CSV file, in the order of their positions. */
    public static void write(Path file, Collection<PredictedResponse> responses)
            throws IOException {
        List<PredictedResponse> sorted =
                responses.stream()
                        .sorted(Comparator.comparingLong(PredictedResponse::offset))
                        .toList();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER + "\n");
            for (PredictedResponse response : sorted) {
                out.write(
                        "%s,%s,%s\n"
                                .formatted(
                                        response.offset(),
                                        response.probability(),
                                        response.learnedThrough()));
            }
        }
    }
}
