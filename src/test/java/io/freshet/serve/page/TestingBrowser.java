package io.freshet.serve.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The Chromium that is installed, without a window. Nothing is downloaded. */
public final class TestingBrowser implements AutoCloseable {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    /** Less than Chromium takes to close the connection of a page that it has left: 55 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final ChromeDriver driver;
    private final WebDriverWait wait;

    /** Starts it; where there is none, the test is skipped, but for CI, which must have one. */
    public static TestingBrowser start() {
        if (System.getenv("CI") == null) {
            assumeTrue(
                    Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER),
                    () -> "No %s and %s: the page is not looked at".formatted(BROWSER, DRIVER));
        }
        return new TestingBrowser();
    }

    private TestingBrowser() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
        options.addArguments(
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--lang=en");
        options.setCapability("goog:loggingPrefs", logs);
        driver =
                new ChromeDriver(
                        new ChromeDriverService.Builder()
                                .usingDriverExecutable(DRIVER.toFile())
                                .build(),
                        options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE);
        wait = new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50));
        wait.ignoring(StaleElementReferenceException.class);
        show(1440, false);
    }

    /** Sets the width of the page, and its colours. */
    public void show(int width, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of(
                                        "name",
                                        "prefers-color-scheme",
                                        "value",
                                        dark ? "dark" : "light"))));
    }

    public void open(String url) {
        driver.get("about:blank"); // the same address with another fragment is no new page
        driver.get(url);
    }

    public WebElement await(String selector) {
        return wait.until(found -> found.findElement(By.cssSelector(selector)));
    }

    /** Waits until an element has a text within. */
    public WebElement await(String selector, String text) {
        return wait.withMessage(() -> "'%s' in %s".formatted(text, texts(selector)))
                .until(
                        found ->
                                found.findElements(By.cssSelector(selector)).stream()
                                        .filter(element -> element.getText().contains(text))
                                        .findFirst()
                                        .orElse(null));
    }

    /** Waits until a script returns true. */
    public void awaitScript(String script) {
        wait.until(found -> Boolean.TRUE.equals(script(script)));
    }

    /** The texts of elements, all as they are at one moment. */
    public List<String> texts(String selector) {
        Object texts =
                driver.executeScript(
                        "return Array.from(document.querySelectorAll(arguments[0]), found => found.innerText)",
                        selector);
        return texts instanceof List<?> found
                ? found.stream().map(String::valueOf).toList()
                : List.of();
    }

    public @Nullable Object script(String script) {
        return driver.executeScript("return " + script);
    }

    /** Clicks on an element as soon as it can be, on the one that is there then. */
    public void click(String selector) {
        wait.ignoring(ElementNotInteractableException.class)
                .until(
                        found -> {
                            WebElement element = found.findElement(By.cssSelector(selector));
                            driver.executeScript(
                                    "arguments[0].scrollIntoView({block: 'center'})", element);
                            element.click();
                            return true;
                        });
    }

    /** Presses keys on whatever has the focus. */
    public void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Goes on by tabulator until an element has the focus. */
    public boolean tabTo(String selector) {
        for (int stop = 0; stop < 40; stop++) {
            if (Boolean.TRUE.equals(
                    script("document.activeElement.matches(\"%s\")".formatted(selector)))) {
                return true;
            }
            press(Keys.TAB);
        }
        return false;
    }

    /** What the browser has complained about, but for a job that is busy, which the page shows. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("/health"))
                .filter(message -> !message.contains("responded with a status of 50"))
                .toList();
    }

    /** Writes the whole page, as it is now. */
    public void photograph(Path file) {
        Object image =
                driver.executeCdpCommand(
                                "Page.captureScreenshot",
                                Map.of("format", "png", "captureBeyondViewport", true))
                        .get("data");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode((String) image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
