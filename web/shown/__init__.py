"""What is shown of patients, boards and the site, worked out once for pages and programs."""
