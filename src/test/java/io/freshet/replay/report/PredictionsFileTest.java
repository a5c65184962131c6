package io.freshet.replay.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionsFileTest {

    @TempDir private Path directory;

    @Test
    void writesPredictionsInTheOrderOfTheirPositions() throws IOException {
        Path file = directory.resolve("predictions.csv");

        PredictionsFile.write(
                file,
                List.of(
                        new Prediction(20, List.of("a", "b"), 3, 15, 77, List.of()),
                        new Prediction(10, List.of(), 0, -1, 99, List.of()),
                        new Prediction(30, List.of("x,\"y\""), 3, 15, 77, List.of())));

        assertThat(file)
                .hasContent(
                        """
                        position,items,model_version,trained_through
                        10,,0,-1
                        20,a|b,3,15
                        30,"x,""y""\",3,15
                        """);
        assertThat(Files.readString(file)).doesNotContain("\r").endsWith("\n");
    }

    @Test
    void aPredictionIsTheFirstTenOfAList() {
        List<RecommendedItem> items =
                IntStream.range(0, 15)
                        .mapToObj(item -> new RecommendedItem("i" + item, 0, Source.MODEL, ""))
                        .toList();
        RecommendationList list =
                new RecommendationList(
                        "request",
                        "user",
                        10,
                        99,
                        4,
                        RecommendationList.Path.PERSONAL,
                        items,
                        "i3",
                        0,
                        70,
                        60);

        Prediction prediction = Prediction.of(list);

        assertThat(prediction.items()).hasSize(10).startsWith("i0").endsWith("i9");
        assertThat(prediction)
                .isEqualTo(
                        new Prediction(
                                70,
                                prediction.items(),
                                4,
                                60,
                                99,
                                Collections.nCopies(10, Source.MODEL)));
    }
}
