/** On a phone the settings' sections stand in a row that scrolls: the one that is open comes into view. */

document.querySelector(".settings > nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
