package io.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.replay.TestingHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandITCase {

    private static final int ROWS = 600;
    private static final long MINUTE = 60_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory;

    @BeforeEach
    void writeHistory() throws IOException {
        TestingHistory.write(directory, ROWS, 20, 30, MINUTE);
    }

    @Test
    void replaysByProtocolTheSameEachTime() throws IOException {
        assertThat(replay("first", "--seed", "7")).as(err.toString()).isZero();
        assertThat(replay("second", "--seed", "7")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("protocol P: kept").contains("seed: 7");
        JsonNode report = report("first");
        assertThat(report.at("/all/trainings/promoted").size()).isGreaterThan(2);
        assertThat(report.at("/all/model/positions").asInt()).isPositive();
        assertThat(report.at("/all/frozen/positions").asInt()).isPositive();
        assertThat(report.at("/all/lists/hr10").asDouble()).isGreaterThan(0.3);
        assertThat(directory.resolve("first/models/1/saved_model.pb")).exists();
        assertThat(directory.resolve("first/models/2")).as("store.retain").doesNotExist();
        long newest = report.at("/all/trainings/promoted").size() + 1;
        assertThat(directory.resolve("first/models/%d/manifest.json".formatted(newest))).exists();
        assertThat(directory.resolve("second/predictions.csv"))
                .hasSameTextualContentAs(directory.resolve("first/predictions.csv"));
    }

    @Test
    void aFrozenReplayKeepsTheBaseModel() throws IOException {
        assertThat(replay("frozen", "--freeze")).as(err.toString()).isZero();

        assertThat(report("frozen").at("/all/trainings/promoted").size()).isZero();
        assertThat(directory.resolve("frozen/models/1")).exists();
        assertThat(directory.resolve("frozen/models/2")).doesNotExist();
        List<String> predictions = Files.readAllLines(directory.resolve("frozen/predictions.csv"));
        assertThat(predictions).hasSizeGreaterThan(100);
        assertThat(predictions.get(predictions.size() - 1)).endsWith(",1,-1");
    }

    @Test
    void theBaseServesFromHalfOnThoughAllRowsAreOfOneMoment() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String row : TestingHistory.gunzip(directory.resolve("interactions.csv.gz"))) {
            rows.append(row.replaceAll("[0-9]{13}$", "1600000000000")).append('\n');
        }
        TestingHistory.gzip(directory.resolve("interactions.csv.gz"), rows.toString());

        assertThat(replay("ties", "-O", "encoder.enabled=false")).as(err.toString()).isZero();

        assertThat(Files.readAllLines(directory.resolve("ties/predictions.csv")))
                .hasSizeGreaterThan(100)
                .filteredOn(line -> !line.startsWith("position"))
                .allMatch(line -> line.endsWith(",1,-1"));
        assertThat(report("ties").at("/all/sources/0/entries").asInt()).isPositive();
        assertThat(out.toString()).contains("- warning: all 600 rows are of one moment");
    }

    @Test
    void theScaleOfRatingsIsFoundInTheDataIfAsked() throws IOException {
        StringBuilder rows = new StringBuilder();
        int number = 0;
        for (String row : TestingHistory.gunzip(directory.resolve("interactions.csv.gz"))) {
            rows.append(row.replace("click,,", "rating," + (40 + number++ % 60) + ","))
                    .append('\n');
        }
        TestingHistory.gzip(directory.resolve("interactions.csv.gz"), rows.toString());
        String[] squared = {"-O", "training.loss=mse", "-O", "encoder.enabled=false", "--freeze"};

        assertThat(replay("given", squared)).isOne();
        assertThat(err.toString()).contains("600 of 600 ratings lie outside 1.0 to 5.0");
        assertThat(directory.resolve("given")).doesNotExist();

        List<String> found = new ArrayList<>(List.of(squared));
        found.add("--find-rating-scale");
        assertThat(replay("found", found.toArray(String[]::new))).as(err.toString()).isZero();
        assertThat(out.toString()).contains("training.rating-min=40.0", "training.rating-max=99.0");
        assertThat(report("found").at("/all/model/mse").asDouble()).isLessThan(60 * 60);
    }

    @Test
    void responsesToExposuresArePredictedFromContextUserAndItem() throws IOException {
        showEachItemBeforeItIsClickedAndSometimesInVain();
        Files.writeString(directory.resolve("users.csv"), "user_id,country\nu0,FR\nu1,\n");
        String[] shown = {
            "--freeze",
            "-O",
            "encoder.enabled=false",
            "-O",
            "attributes.context=device:category",
            "-O",
            "attributes.users=country:category",
            "--users",
            path("users.csv"),
            "--target",
            "click"
        };
        assertThat(replay("none", shown)).isNotZero();
        assertThat(err.toString()).contains("--target click: found no exposures");

        List<String> all = new ArrayList<>(List.of(shown));
        all.addAll(List.of("-O", "feedback.exposure-types=impression", "--ignore", "impression"));
        String[] arguments = all.toArray(String[]::new);
        assertThat(replay("first", arguments)).as(err.toString()).isZero();
        assertThat(replay("second", arguments)).as(err.toString()).isZero();

        assertThat(out.toString()).contains("## Responses to exposures");
        JsonNode figures = report("first").at("/all/responses");
        assertThat(figures.path("auc").asDouble()).as("the device says it").isGreaterThan(0.95);
        List<String> scores = Files.readAllLines(directory.resolve("first/scores.csv"));
        assertThat(scores.get(0)).isEqualTo("position,score,trained_through");
        assertThat(scores.size() - 1).isEqualTo(figures.path("tested").asInt()).isGreaterThan(100);
        for (String score : scores.subList(1, scores.size())) {
            String[] fields = score.split(",");
            assertThat(Long.parseLong(fields[2])).isLessThan(Long.parseLong(fields[0]));
        }
        assertThat(directory.resolve("second/scores.csv"))
                .hasSameTextualContentAs(directory.resolve("first/scores.csv"));
    }

    @Test
    void whatTheDeviceAloneAnnouncesIsForeseenByAModelThatTakesIt() throws IOException {
        openTheShopOnADeviceAndChooseWhatIsOfferedThere();
        List<String> without = List.of("--freeze", "-O", "attributes.context=device:category");

        JsonNode alone = replayThoroughly("without", without, List.of());
        JsonNode with =
                replayThoroughly(
                        "with", without, List.of("-O", "model.attributes=device,event-type"));

        assertThat(alone.at("/all/model/accuracy").asDouble()).isLessThan(0.6);
        assertThat(with.at("/all/model/accuracy").asDouble()).isGreaterThan(0.9);
    }

    /**
     * Users open the shop, each time on one of many devices, and then choose that device's item.
     */
    private void openTheShopOnADeviceAndChooseWhatIsOfferedThere() throws IOException {
        Random random = new Random(7);
        StringBuilder rows =
                new StringBuilder("user_id,item_id,event_type,rating,timestamp_ms,device\n");
        long time = 1_600_000_000_000L;
        for (int i = 0; i < 600; i++) {
            int user = i % 150;
            int device = random.nextInt(24);
            rows.append("u%d,i29,open,,%d,d%d\n".formatted(user, time, device));
            rows.append("u%d,i%d,choose,,%d,\n".formatted(user, device, time + 1));
            time += MINUTE;
        }
        TestingHistory.gzip(directory.resolve("interactions.csv.gz"), rows.toString());
    }

    @Test
    void newItemsAreForeseenByTheirBrand() throws IOException {
        stayWithABrandWhoseItemsAreReplacedAtHalf();
        List<String> without = List.of("-O", "attributes.items=brand:category");

        JsonNode alone = replayThoroughly("without", without, List.of());
        JsonNode with = replayThoroughly("with", without, List.of("-O", "item.attribute-width=32"));

        assertThat(with.at("/all/model/hr10").asDouble())
                .isGreaterThan(alone.at("/all/model/hr10").asDouble() + 0.5);
    }

    /** Each brand has two items in the first half of the file, and two others in the second. */
    private void stayWithABrandWhoseItemsAreReplacedAtHalf() throws IOException {
        Random random = new Random(7);
        int brands = 20;
        StringBuilder rows = new StringBuilder(TestingHistory.HEADER);
        for (int i = 0; i < ROWS; i++) {
            int user = i % 60;
            int item = user % brands + brands * (random.nextInt(2) + (i < ROWS / 2 ? 0 : 2));
            rows.append(
                    "u%d,i%d,view,,%d\n".formatted(user, item, 1_600_000_000_000L + MINUTE * i));
        }
        TestingHistory.gzip(directory.resolve("interactions.csv.gz"), rows.toString());
        StringBuilder items = new StringBuilder("item_id,title,categories,brand\n");
        for (int item = 0; item < 4 * brands; item++) {
            items.append("i%d,,,b%d\n".formatted(item, item % brands));
        }
        Files.writeString(directory.resolve("items.csv"), items);
    }

    @Test
    void aBrokenUsersFileIsRefusedBeforeAnythingIsMade() throws IOException {
        Files.writeString(directory.resolve("users.csv"), "user_id,age\nu0,old\nu1,7\n,8\n");

        assertThat(replay("out", "-O", "attributes.users=age:number", "--users", path("users.csv")))
                .isNotZero();

        assertThat(err.toString())
                .contains("users.csv has 2 broken row(s)", "line 2: age: found \"old\"", "line 4");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    /** Of each three exposures one is on a phone, and in vain. */
    private void showEachItemBeforeItIsClickedAndSometimesInVain() throws IOException {
        List<String> rows = TestingHistory.gunzip(directory.resolve("interactions.csv.gz"));
        StringBuilder shown = new StringBuilder(rows.get(0)).append(",device\n");
        for (int row = 1; row < rows.size(); row++) {
            String impression = rows.get(row).replace("click", "impression");
            shown.append(impression).append(",desk\n").append(rows.get(row)).append(",desk\n");
            if (row % 2 == 0) {
                String[] fields = impression.split(",");
                fields[1] = rows.get(row - 1).split(",")[1];
                shown.append(String.join(",", fields)).append(",phone\n");
            }
        }
        TestingHistory.gzip(directory.resolve("interactions.csv.gz"), shown.toString());
    }

    /** The report of a replay whose base is trained on few rows until it has learned them. */
    private JsonNode replayThoroughly(String output, List<String> some, List<String> more)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-O", "encoder.enabled=false"));
        arguments.addAll(List.of("-O", "training.pretrain-epochs=40"));
        arguments.addAll(List.of("-O", "training.pretrain-rate=0.01"));
        arguments.addAll(List.of("-O", "training.batch-size=8"));
        arguments.addAll(some);
        arguments.addAll(more);
        assertThat(replay(output, arguments.toArray(String[]::new))).as(err.toString()).isZero();
        return report(output);
    }

    private int replay(String output, String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("replay", "--stride", "2"));
        arguments.addAll(List.of("--interactions", path("interactions.csv.gz")));
        arguments.addAll(List.of("--items", path("items.csv")));
        arguments.addAll(List.of("--output", path(output)));
        arguments.addAll(List.of("-O", "training.min-interactions=30"));
        arguments.addAll(List.of("-O", "training.updates-per-version=2"));
        arguments.addAll(List.of("-O", "training.pretrain-epochs=3"));
        arguments.addAll(List.of("-O", "model.width=16", "-O", "store.retain=2"));
        arguments.addAll(List.of(more));
        return Freshet.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }

    private JsonNode report(String output) throws IOException {
        return new ObjectMapper().readTree(directory.resolve(output + "/report.json").toFile());
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
