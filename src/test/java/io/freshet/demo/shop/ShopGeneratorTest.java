package io.freshet.demo.shop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.demo.shop.ShopRecord.Fault;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShopGeneratorTest {

    private static final ShopSettings SETTINGS = ShopSettings.of(7);
    private static final int RECORDS = 30_000;
    private static final int LONG_RUN = 90_000;

    private static final List<ShopRecord> FIRST = take(SETTINGS, RECORDS);
    private static final List<ShopRecord> WITH_FEEDBACK =
            take(ShopSettings.of(7, ShopSettings.Feedback.usual()), RECORDS);

    @Test
    void theSameSeedGivesTheSameRecords() {
        assertThat(described(take(SETTINGS, 5_000))).isEqualTo(described(FIRST.subList(0, 5_000)));
    }

    @Test
    void anotherSeedGivesAnotherShop() {
        assertThat(described(take(ShopSettings.of(8), 5_000)))
                .isNotEqualTo(described(FIRST.subList(0, 5_000)));
    }

    @Test
    void recordsComeInOrderOfArrival() {
        assertThat(FIRST).isSortedAccordingTo((a, b) -> Long.compare(a.arrival(), b.arrival()));
    }

    @Test
    void theCatalogComesFirst() {
        assertThat(FIRST.subList(0, SETTINGS.items()))
                .hasOnlyElementsOfType(ShopRecord.Announcement.class);
    }

    @Test
    void anItemIsAnnouncedBeforeItsFirstSale() {
        Set<String> announced = new HashSet<>();
        for (ShopRecord record : FIRST) {
            if (record instanceof ShopRecord.Announcement announcement) {
                announced.add(announcement.item().itemId());
            } else if (record instanceof ShopRecord.Action action) {
                assertThat(announced).contains(action.interaction().itemId());
            }
        }
    }

    @Test
    void titlesAreMadeOfTheDepartmentsWordsAndAreUnique() {
        Map<String, Department> departments =
                Department.all().stream().collect(Collectors.toMap(Department::name, d -> d));
        Map<String, String> titles = new HashMap<>();
        for (CatalogItem item : announced()) {
            titles.put(item.itemId(), item.title());
            Department department =
                    requireNonNull(departments.get(item.categories().get(1)), item.toString());
            assertThat(item.categories().get(0)).isEqualTo(department.area());
            assertThat(department.styles()).anyMatch(item.title()::startsWith);
            assertThat(department.materials()).anyMatch(item.title()::contains);
            assertThat(department.products()).anyMatch(item.title()::contains);
        }
        assertThat(titles.values()).doesNotHaveDuplicates();
    }

    @Test
    void departmentsGoWithDepartmentsThatExist() {
        List<String> names = Department.all().stream().map(Department::name).toList();
        assertThat(Department.all())
                .allSatisfy(
                        department ->
                                assertThat(department.goesWith()).isNotEmpty().isSubsetOf(names));
    }

    @Test
    void newItemsAndNewShoppersArriveAndItemsAreWithdrawn() {
        double weeks = weeks(FIRST);
        long newItems = announced().stream().map(CatalogItem::itemId).distinct().count();
        long withdrawn = announced().stream().filter(item -> !item.available()).count();
        double expected = SETTINGS.items() * SETTINGS.newItems() * weeks;

        assertThat((double) newItems - SETTINGS.items()).isBetween(expected * 0.7, expected * 1.3);
        assertThat(withdrawn).isEqualTo(newItems - SETTINGS.items());
        assertThat(sales(FIRST)).anyMatch(sale -> number(sale.userId()) > SETTINGS.shoppers());
    }

    @Test
    void withdrawnItemsAreNotSoldAnyMore() {
        Map<String, Long> withdrawn = new HashMap<>();
        announced().stream()
                .filter(item -> !item.available())
                .forEach(item -> withdrawn.put(item.itemId(), item.timestamp()));
        assertThat(sales(FIRST))
                .filteredOn(
                        sale ->
                                sale.timestamp()
                                        > withdrawn.getOrDefault(sale.itemId(), Long.MAX_VALUE))
                .isEmpty();
    }

    @Test
    void someRecordsAreLateByNoMoreThanTheDisorder() {
        List<Long> delays =
                FIRST.stream()
                        .filter(ShopRecord.Action.class::isInstance)
                        .map(ShopRecord.Action.class::cast)
                        .filter(sale -> !sale.again())
                        .map(sale -> sale.arrival() - sale.interaction().timestamp())
                        .toList();
        double late = delays.stream().filter(delay -> delay > 0).count();
        assertThat(late / delays.size()).isBetween(0.02, 0.04);
        assertThat(delays).allMatch(delay -> delay < SETTINGS.disorder().toMillis());
    }

    @Test
    void someRecordsComeTwiceWithTheSameIdAndContent() {
        Map<String, Interaction> first = new HashMap<>();
        int again = 0;
        for (ShopRecord record : FIRST) {
            if (record instanceof ShopRecord.Action action) {
                Interaction known =
                        first.putIfAbsent(action.interaction().eventId(), action.interaction());
                assertThat(known != null).isEqualTo(action.again());
                if (action.again()) {
                    assertThat(action.interaction()).isEqualTo(known);
                    again++;
                }
            }
        }
        assertThat((double) again / first.size()).isBetween(0.005, 0.015);
    }

    @Test
    void aFewRecordsAreBrokenInEveryWay() {
        List<ShopRecord.Broken> broken =
                take(SETTINGS, LONG_RUN).stream()
                        .filter(ShopRecord.Broken.class::isInstance)
                        .map(ShopRecord.Broken.class::cast)
                        .toList();
        assertThat((double) broken.size() / LONG_RUN).isBetween(0.002, 0.004);
        assertThat(broken).extracting(ShopRecord.Broken::fault).contains(Fault.values());
    }

    @Test
    void whatFollowedAnItemPredictsWorseTheOlderTheCountsAre() {
        List<Interaction> sales = sales(take(SETTINGS, LONG_RUN));
        int test = sales.size() - 12_000;
        Followers old = new Followers();
        Followers fresh = new Followers();
        int hitsOld = 0;
        int hitsFresh = 0;
        int tested = 0;
        Map<String, String> lastItems = new HashMap<>();
        for (int i = 0; i < sales.size(); i++) {
            Interaction sale = sales.get(i);
            String last = lastItems.put(sale.userId(), sale.itemId());
            if (last == null) {
                continue;
            }
            if (i >= test) {
                tested++;
                hitsOld += old.top(last).contains(sale.itemId()) ? 1 : 0;
                hitsFresh += fresh.top(last).contains(sale.itemId()) ? 1 : 0;
            }
            fresh.count(last, sale.itemId());
            if (i < sales.size() / 2) {
                old.count(last, sale.itemId());
            }
        }
        double share = (double) hitsFresh / tested;
        assertThat(share).as("something can be learned").isGreaterThan(0.2);
        assertThat((double) hitsOld / tested).as("but not once for all").isLessThan(0.7 * share);
    }

    /** What followed each item how often. */
    private static final class Followers {
        private final Map<String, Map<String, Integer>> counts = new HashMap<>();

        void count(String item, String follower) {
            counts.computeIfAbsent(item, unused -> new HashMap<>())
                    .merge(follower, 1, Integer::sum);
        }

        Set<String> top(String item) {
            return counts.getOrDefault(item, Map.of()).entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .limit(10)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    @Test
    void withoutFeedbackAllIsSales() {
        assertThat(sales(FIRST))
                .extracting(Interaction::eventType)
                .containsOnly(ShopRecord.Action.PURCHASE);
    }

    @Test
    void shoppersLookAndFillCartsAndReturnSomeOfWhatTheyBought() {
        List<Interaction> events = sales(WITH_FEEDBACK);
        Map<String, Long> types =
                events.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Interaction::eventType, Collectors.counting()));

        assertThat(types)
                .containsOnlyKeys(
                        ShopRecord.Action.LOOK,
                        ShopRecord.Action.CART,
                        ShopRecord.Action.PURCHASE,
                        ShopRecord.Action.RETURN,
                        ShopRecord.Action.HIDE);
        assertThat(share(types, ShopRecord.Action.LOOK, events)).isBetween(0.12, 0.25);
        assertThat(share(types, ShopRecord.Action.CART, events)).isBetween(0.1, 0.2);
        assertThat(share(types, ShopRecord.Action.RETURN, events)).isBetween(0.01, 0.06);
        Map<String, Long> bought = new HashMap<>();
        for (Interaction event : events) {
            String pair = event.userId() + event.itemId();
            if (event.eventType().equals(ShopRecord.Action.PURCHASE)) {
                bought.merge(pair, event.timestamp(), Math::min);
            } else if (event.eventType().equals(ShopRecord.Action.RETURN)) {
                assertThat(bought.getOrDefault(pair, Long.MAX_VALUE)).isLessThan(event.timestamp());
            }
        }
    }

    @Test
    void whoDislikesABrandHidesItAndNeverBuysIt() {
        Map<String, String> brands = new HashMap<>();
        announced(WITH_FEEDBACK)
                .forEach(item -> brands.put(item.itemId(), item.attributes().get(0).category()));
        Map<String, Set<String>> hidden = new HashMap<>();
        Map<String, Set<String>> chosen = new HashMap<>();
        for (Interaction event : sales(WITH_FEEDBACK)) {
            Map<String, Set<String>> by =
                    event.eventType().equals(ShopRecord.Action.HIDE) ? hidden : chosen;
            by.computeIfAbsent(event.userId(), user -> new HashSet<>())
                    .add(requireNonNull(brands.get(event.itemId())));
        }

        assertThat(hidden).hasSizeGreaterThan(100);
        hidden.forEach(
                (user, disliked) -> {
                    assertThat(disliked).hasSize(1);
                    assertThat(chosen.getOrDefault(user, Set.of()))
                            .doesNotContainAnyElementsOf(disliked);
                });
    }

    @Test
    void aThriftyShopperOnlyLooksAtWhatIsExpensive() {
        var thrifty = new ShopSettings.Feedback(0, 0, 0, 0, 1, 0);
        List<ShopRecord> records = take(ShopSettings.of(7, thrifty), 5_000);
        Map<String, Float> prices = new HashMap<>();
        announced(records)
                .forEach(item -> prices.put(item.itemId(), item.attributes().get(1).number()));

        Map<Boolean, Set<String>> types = new HashMap<>();
        for (Interaction event : sales(records)) {
            types.computeIfAbsent(
                            requireNonNull(prices.get(event.itemId())) > 60,
                            dear -> new HashSet<>())
                    .add(event.eventType());
        }

        assertThat(types)
                .containsEntry(true, Set.of(ShopRecord.Action.LOOK))
                .containsEntry(false, Set.of(ShopRecord.Action.PURCHASE));
    }

    @Test
    void thereAreFewerVisitsAtNightAndMoreLooking() {
        var nightly = new ShopSettings.Feedback(0.2, 0, 0, 0, 0, 0.8);
        List<Interaction> events = sales(take(ShopSettings.of(7, nightly), RECORDS));
        List<Interaction> night = events.stream().filter(ShopGeneratorTest::isAtNight).toList();

        assertThat((double) night.size() / events.size()).isLessThan(0.2);
        assertThat(looks(night)).isGreaterThan(looks(events) + 0.05);
        assertThat((double) sales(FIRST).stream().filter(ShopGeneratorTest::isAtNight).count())
                .as("without feedback, of a quarter of the day")
                .isBetween(0.2 * sales(FIRST).size(), 0.3 * sales(FIRST).size());
    }

    private static boolean isAtNight(Interaction event) {
        int hour = Instant.ofEpochMilli(event.timestamp()).atOffset(ZoneOffset.UTC).getHour();
        return hour >= 21 || hour < 3;
    }

    private static double looks(List<Interaction> events) {
        return (double)
                        events.stream()
                                .filter(event -> event.eventType().equals(ShopRecord.Action.LOOK))
                                .count()
                / events.size();
    }

    private static double share(Map<String, Long> types, String type, List<Interaction> events) {
        return (double) types.getOrDefault(type, 0L) / events.size();
    }

    private List<CatalogItem> announced() {
        return announced(FIRST);
    }

    private static List<CatalogItem> announced(List<ShopRecord> records) {
        return records.stream()
                .filter(ShopRecord.Announcement.class::isInstance)
                .map(record -> ((ShopRecord.Announcement) record).item())
                .toList();
    }

    private static List<Interaction> sales(List<ShopRecord> records) {
        return records.stream()
                .filter(ShopRecord.Action.class::isInstance)
                .map(record -> ((ShopRecord.Action) record).interaction())
                .toList();
    }

    private static double weeks(List<ShopRecord> records) {
        long span = records.get(records.size() - 1).arrival() - SETTINGS.start().toEpochMilli();
        return (double) span / Duration.ofDays(7).toMillis();
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(2));
    }

    private static List<String> described(List<ShopRecord> records) {
        return records.stream()
                .map(
                        record ->
                                record instanceof ShopRecord.Broken broken
                                        ? broken.arrival() + " " + broken.fault()
                                        : record.toString())
                .toList();
    }

    private static List<ShopRecord> take(ShopSettings settings, int count) {
        ShopGenerator generator = new ShopGenerator(settings);
        List<ShopRecord> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(generator.next());
        }
        return taken;
    }
}
