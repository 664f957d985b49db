import { TourAutomatic } from "@web_tour/js/tour_automatic/tour_automatic";

// A step may take as long as a busy machine needs, and not ten seconds.
TourAutomatic.prototype.timeout = 60000;
